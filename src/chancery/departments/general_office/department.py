"""The General Office's card: its functions, roles, procedures and menu."""

from __future__ import annotations

from chancery.foundations.card import Card, MenuItem, Role

CARD = Card(
    label="general_office",
    place=20,
    name_en="General Office",
    name_zh="办公厅",
    functions=(
        (1, "Comprehensive administration", "综合行政"),
        (2, "Supervision and inspection", "督查督办"),
        (3, "Incoming documents", "收文"),
        (4, "Outgoing documents", "发文"),
        (5, "Secretary work", "秘书工作"),
        (6, "Confidential work", "保密工作"),
        (7, "Archives", "档案"),
        (8, "Letters and visits", "信访"),
        (9, "Information", "政务信息"),
        (10, "Events and conferences", "重大活动与会议"),
    ),
    menu=(
        MenuItem("general_office:incoming", "Incoming documents", "收文登记簿", icon="mail-opened"),
        MenuItem(
            "general_office:incoming_new", "Register a document", "来文登记", icon="file-plus", roles=("registrar",)
        ),
        MenuItem("general_office:incoming_figures", "Year's figures", "收文统计", icon="chart-bar"),
        MenuItem("general_office:outgoing", "Outgoing documents", "发文登记簿", icon="send"),
        MenuItem("general_office:outgoing_drafts", "My drafts", "我的文稿", icon="pencil"),
        MenuItem("general_office:outgoing_new", "New paper", "拟稿", icon="pencil-plus"),
        MenuItem("general_office:outgoing_figures", "Outgoing: year's figures", "发文统计", icon="chart-bar"),
    ),
    roles=(
        Role(
            "first_checker",
            "First checker",
            "初审人",
            "Decides whether an incoming document is in order or goes back to its sender.",
            "审核来文是否符合要求，或者说明理由退回。",
        ),
        Role("leader", "Leader", "分管领导", "Gives instructions on documents submitted.", "对呈报的文件作出批示。"),
        Role(
            "handler",
            "Handler",
            "承办人",
            "Handles what the unit leads and answers it.",
            "办理本单位主办的来文并答复。",
        ),
        Role(
            "co_handler",
            "Co-handler",
            "会办人",
            "Gives the unit's opinion where another leads.",
            "对其他单位主办的来文提出会签意见。",
        ),
        Role("reader", "Reader", "阅文人", "Reads what is circulated to the post.", "阅读传阅给本岗位的文件。"),
        Role("chaser", "Chaser", "催办人", "Urges important documents that are late.", "对逾期的重要来文进行催办。"),
        Role(
            "unit_checker",
            "Unit checker",
            "部门核稿人",
            "Checks a draft of the unit before it leaves it.",
            "对本单位拟稿进行审核把关。",
        ),
        Role(
            "countersigner",
            "Countersigner",
            "会签人",
            "Countersigns drafts of other units for the own unit.",
            "代表本单位会签其他单位的文稿。",
        ),
        Role(
            "office_reviewer",
            "Office reviewer",
            "办公厅审核人",
            "Reviews drafts for the General Office before they are signed.",
            "签发前对文稿进行审核。",
        ),
        Role(
            "rechecker",
            "Rechecker",
            "复核人",
            "Rechecks signed drafts before they are numbered.",
            "文稿签发后进行复核。",
        ),
        Role("seal_keeper", "Keeper of a seal", "印章管理人", "Keeps a seal and affixes it.", "保管印章并负责用印。"),
        Role(
            "releaser",
            "Releaser",
            "核发人",
            "Checks the finished paper and releases it.",
            "对印制完毕的文件检查后核发。",
        ),
        Role(
            "archivist",
            "Archivist",
            "档案员",
            "Files what is finished; takes over, keeps and lends what the archive holds.",
            "将办结的文件整理归档；负责档案的接收、保管和借阅。",
        ),
        Role(
            "confidential_officer",
            "Confidential officer",
            "保密员",
            "Keeps the register of carriers and looks after classification, clearances and breaches.",
            "管理涉密载体登记，负责定密、涉密人员和泄密事件的日常工作。",
        ),
        Role(
            "classification_authority",
            "Classification authority",
            "定密责任人",
            "Approves levels, their change and their end.",
            "审批密级的确定、变更和解除。",
        ),
    ),
    procedures=("incoming_document", "inside_document", "outgoing_document"),
)
