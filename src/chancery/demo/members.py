"""Who the sample people are: units they need, posts they hold, roles, what they do in the story."""

from __future__ import annotations

from chancery.demo.petition_members import PETITIONS
from chancery.demo.seats import Member, Seat
from chancery.foundations.actor import Clearance
from chancery.kernel.directory.terms import UnitKind

# Units the cast needs, in case the directory's seed is not loaded (tests): code, above, English, Chinese, kind.
UNITS = (
    ("CAST", None, "China Association for Science and Technology", "中国科学技术协会", UnitKind.FEDERATION),
    ("ES", "CAST", "Executive Secretariat", "书记处", UnitKind.LEADING_BODY),
    ("HQ", "CAST", "Headquarters", "机关", UnitKind.HEADQUARTERS),
    ("GO", "HQ", "General Office", "办公厅", UnitKind.DEPARTMENT),
    ("PF", "HQ", "Department of Planning and Finance", "计划财务部", UnitKind.DEPARTMENT),
    ("OP", "HQ", "Department of Organization and Personnel", "组织人事部", UnitKind.DEPARTMENT),
    ("AS", "HQ", "Department of Academic and Societies Affairs", "学会学术部", UnitKind.DEPARTMENT),
    ("EC", "HQ", "Office for Cooperation with Enterprises", "企业合作办公室", UnitKind.OFFICE),
    ("RP", "HQ", "Department of Research and Publicity", "调研宣传部", UnitKind.DEPARTMENT),
    ("SP", "HQ", "Department of Science Popularization", "科学技术普及部", UnitKind.DEPARTMENT),
    ("IA", "HQ", "Department of International Affairs", "国际联络部", UnitKind.DEPARTMENT),
)


def _handler(key: str, name_en: str, name_zh: str, unit: str, where_en: str, where_zh: str) -> Member:
    roles = (("handler", unit), ("co_handler", unit), ("clerk", unit), ("petition_handler", unit))
    return Member(
        key,
        name_en,
        name_zh,
        f"Handles documents for {where_en}.",
        f"在{where_zh}承办、会办来文。",
        (Seat(unit, "sample-handler", "Handler (sample)", "承办人（样例）", roles),),
    )


CAST: tuple[Member, ...] = (
    Member(
        "registrar",
        "Lin Shu",
        "林舒",
        "Registers what arrives at the General Office and gives it its number.",
        "办理来文签收、登记和编号。",
        (Seat("GO", "sample-registrar", "Registrar (sample)", "机要登记员（样例）", (("registrar", "GO"),)),),
    ),
    Member(
        "first_checker",
        "Zhao Heng",
        "赵衡",
        "First-checks documents; faulty ones go back with reasons. Rechecks signed papers.",
        "对来文进行初审，不合格的说明理由退回；对已签发的文稿进行复核。",
        (
            Seat(
                "GO",
                "sample-first-checker",
                "First checker (sample)",
                "初审员（样例）",
                (("first_checker", "GO"), ("rechecker", "GO")),
            ),
        ),
    ),
    Member(
        "office_head",
        "Shen Yi",
        "沈毅",
        "Heads the General Office in the story: proposes who handles, checks the result; keeps rulebook and calendar.",
        "在示例中主持办公厅事务：提出拟办意见、审核办理结果；兼管规则与工作日历。",
        (
            Seat(
                "GO",
                "sample-head",
                "Chief clerk (sample)",
                "办公厅主管（样例）",
                (
                    ("head", "GO"),
                    ("releaser", "GO"),
                    ("petition_head", "GO"),
                    ("seal_registrar", "CAST"),
                    ("hold_keeper", "CAST"),
                    ("rulebook_editor", "CAST"),
                    ("calendar_editor", "CAST"),
                ),
            ),
        ),
        clearance=Clearance.CONFIDENTIAL,
    ),
    Member(
        "handler",
        "Tang Wei",
        "唐薇",
        "Handles documents for Planning and Finance.",
        "在计划财务部承办来文。",
        (
            Seat(
                "PF",
                "sample-handler",
                "Handler (sample)",
                "承办人（样例）",
                (("handler", "PF"), ("co_handler", "PF"), ("clerk", "PF"), ("petition_handler", "PF")),
            ),
        ),
    ),
    Member(
        "co_handler",
        "Gao Ming",
        "高铭",
        "Gives the opinion of Academic and Societies Affairs where another department leads.",
        "代表学会学术部会办其他部门牵头的来文。",
        (
            Seat(
                "AS",
                "sample-handler",
                "Handler (sample)",
                "承办人（样例）",
                (("handler", "AS"), ("co_handler", "AS"), ("clerk", "AS"), ("petition_handler", "AS")),
            ),
        ),
    ),
    Member(
        "leader",
        "He Lan",
        "何岚",
        "Gives instructions for the Executive Secretariat.",
        "代表书记处作出批示。",
        (Seat("ES", "sample-leader", "Member (sample)", "书记处成员（样例）", (("leader", "CAST"),)),),
        clearance=Clearance.CONFIDENTIAL,
    ),
    Member(
        "chaser",
        "Qiu Shi",
        "邱实",
        "Urges what is late; writes public notices.",
        "负责催办；起草对外公告。",
        (
            Seat(
                "GO", "sample-chaser", "Chaser (sample)", "催办员（样例）", (("chaser", "GO"), ("notice_editor", "GO"))
            ),
        ),
    ),
    Member(
        "archivist",
        "Bai Ru",
        "白茹",
        "Files what is finished.",
        "负责办结文件归档。",
        (Seat("GO", "sample-archivist", "Archivist (sample)", "档案员（样例）", (("archivist", "GO"),)),),
    ),
    Member(
        "outsider",
        "Ma Ke",
        "马可",
        "Works in International Affairs and sees none of it.",
        "在国际联络部工作，看不到上述任何事项。",
        (Seat("IA", "sample-clerk", "Clerk (sample)", "科员（样例）", (("clerk", "IA"),)),),
    ),
    Member(
        "administrator",
        "Xu An",
        "许安",
        "Keeps accounts, roles and the directory; sees no matter by it.",
        "管理账号、角色和机构名录，不因此看到任何事项。",
        (
            Seat(
                "OP",
                "sample-administrator",
                "Systems administrator (sample)",
                "系统管理员（样例）",
                (("access_admin", "CAST"), ("directory_editor", "CAST")),
            ),
        ),
        second_factor=True,
    ),
    Member(
        "auditor",
        "Ding Xin",
        "丁昕",
        "Checks the journal's seals; places holds for audits, and lifts those of others.",
        "核查日志封存情况；因审计需要冻结档案，并解除他人设置的冻结。",
        (
            Seat(
                "PF",
                "sample-auditor",
                "Auditor (sample)",
                "审计员（样例）",
                (("auditor", "CAST"), ("hold_keeper", "CAST")),
            ),
        ),
    ),
    Member(
        "two_hats",
        "Fang Yuan",
        "方元",
        "Works in Academic and Societies Affairs and heads Enterprise Cooperation: chooses which hat to act in.",
        "在学会学术部任职，同时主持企业合作办公室：办事前须选择以哪个岗位行事。",
        (
            Seat("AS", "sample-deputy", "Deputy (sample)", "副主管（样例）", (("deputy_head", "AS"), ("clerk", "AS"))),
            Seat(
                "EC",
                "sample-head",
                "Head (sample)",
                "主管（样例）",
                (("head", "EC"), ("handler", "EC"), ("co_handler", "EC")),
            ),
        ),
    ),
    Member(
        "drafter",
        "Lu Jia",
        "陆嘉",
        "Drafts papers for Planning and Finance.",
        "在计划财务部起草公文。",
        (Seat("PF", "sample-drafter", "Drafter (sample)", "拟稿人（样例）", (("clerk", "PF"),)),),
    ),
    Member(
        "unit_checker",
        "Wen Bo",
        "温博",
        "Checks what Planning and Finance drafts, and countersigns for it.",
        "审核计划财务部文稿，并代表该部会签。",
        (
            Seat(
                "PF",
                "sample-unit-checker",
                "Unit checker (sample)",
                "部门核稿人（样例）",
                (("unit_checker", "PF"), ("countersigner", "PF")),
            ),
        ),
    ),
    Member(
        "receiver",
        "Yu Qing",
        "余清",
        "Signs for what reaches Academic and Societies Affairs, and countersigns for it.",
        "办理学会学术部收文签收登记，并代表该部会签。",
        (
            Seat(
                "AS",
                "sample-registrar",
                "Registrar (sample)",
                "文书（样例）",
                (("registrar", "AS"), ("countersigner", "AS"), ("unit_checker", "AS")),
            ),
        ),
    ),
    Member(
        "office_reviewer",
        "Su Min",
        "苏敏",
        "Reviews drafts for the General Office before they are signed and what is to be published; appraises.",
        "签发前代表办公厅审核文稿，并进行信息发布前审查；代表办公厅参加档案鉴定。",
        (
            Seat(
                "GO",
                "sample-office-reviewer",
                "Reviewer (sample)",
                "审核员（样例）",
                (
                    ("office_reviewer", "GO"),
                    ("unit_checker", "GO"),
                    ("appraiser", "GO"),
                    ("publication_reviewer", "GO"),
                ),
            ),
        ),
    ),
    Member(
        "seal_keeper",
        "Meng Ran",
        "孟然",
        "Keeps the seals and affixes them to what was signed.",
        "保管印章，对已签发的文件用印。",
        (Seat("GO", "sample-seal-keeper", "Keeper of seals (sample)", "印章管理员（样例）", (("seal_keeper", "GO"),)),),
    ),
    Member(
        "archive_head",
        "Xu Jing",
        "徐静",
        "Heads the archive: approves the file plan, readings, disposal and transfer.",
        "主持档案工作：审批分类方案、利用、处置和移交。",
        (
            Seat(
                "GO",
                "sample-archive-head",
                "Head of the archive (sample)",
                "档案室主管（样例）",
                (("archive_head", "CAST"), ("appraiser", "CAST")),
            ),
        ),
        clearance=Clearance.CONFIDENTIAL,
    ),
    Member(
        "supervisor",
        "Dong Li",
        "董黎",
        "Stands by when archives are destroyed; appraises for Planning and Finance.",
        "监督档案销毁；代表计划财务部参加鉴定。",
        (
            Seat(
                "PF",
                "sample-supervisor",
                "Supervisor (sample)",
                "监销人（样例）",
                (("disposal_supervisor", "CAST"), ("appraiser", "PF")),
            ),
        ),
    ),
    Member(
        "confidential_officer",
        "Fang Min",
        "方敏",
        "Keeps the register of carriers; looks after labels, clearances and breaches.",
        "管理涉密载体登记，负责定密、涉密人员和泄密事件的日常工作。",
        (
            Seat(
                "GO",
                "sample-confidential-officer",
                "Confidential officer (sample)",
                "保密员（样例）",
                (("confidential_officer", "CAST"),),
            ),
        ),
        clearance=Clearance.CONFIDENTIAL,
    ),
    Member(
        "classifier",
        "Luo Cheng",
        "罗诚",
        "Approves levels, their change and their end.",
        "审批密级的确定、变更和解除。",
        (
            Seat(
                "GO",
                "sample-classifier",
                "Classification authority (sample)",
                "定密责任人（样例）",
                (("classification_authority", "CAST"),),
            ),
        ),
        clearance=Clearance.CONFIDENTIAL,
    ),
    *PETITIONS,
    _handler("personnel_handler", "Pan Yue", "潘越", "OP", "Organization and Personnel", "组织人事部"),
    _handler("research_handler", "Ye Bai", "叶柏", "RP", "Research and Publicity", "调研宣传部"),
    _handler("science_handler", "Luo Jin", "罗瑾", "SP", "Science Popularization", "科学技术普及部"),
)
MEMBERS = {member.key: member for member in CAST}
