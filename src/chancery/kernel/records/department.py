"""The card of the record: its lines in the menu."""

from __future__ import annotations

from chancery.foundations.card import Card, MenuItem, Role
from chancery.kernel.records.seals.terms import ROLES as SEAL_ROLES

ARCHIVE_ROLES = (
    Role(
        "archive_head",
        "Head of the archive",
        "档案工作负责人",
        "Approves the file plan, readings, disposal and transfer.",
        "审批档案分类方案和保管期限表、利用、鉴定处置和移交。",
    ),
    Role(
        "appraiser",
        "Appraiser",
        "鉴定人",
        "Says of each item whose period has run out what becomes of it.",
        "对保管期限届满的档案提出鉴定意见。",
    ),
    Role(
        "disposal_supervisor",
        "Supervisor of destruction",
        "监销人",
        "Stands by when archives are destroyed, and signs for it.",
        "监督档案销毁并签字。",
    ),
    Role(
        "hold_keeper",
        "Keeper of holds",
        "冻结管理人",
        "Keeps from disposal what a case, an audit or a petition needs.",
        "因诉讼、审计、信访等需要冻结档案，暂停处置。",
    ),
)

CARD = Card(
    label="records",
    place=35,
    name_en="Records",
    name_zh="档案与检索",
    menu=(
        MenuItem("records:search", "Search", "检索", icon="search"),
        MenuItem("records:archive", "Catalogue", "档案目录", icon="archive"),
        MenuItem("records:holds", "Holds", "档案冻结", icon="lock", roles=("hold_keeper",)),
        MenuItem("records:fileplans", "File plan", "档案分类方案", icon="folders"),
        MenuItem("records:numbers", "Numbers", "编号登记", icon="list-numbers"),
        MenuItem("records:paper_types", "Types of paper", "公文种类", icon="file-text"),
        MenuItem("records:seals", "Seals", "印章登记", icon="rubber-stamp"),
        MenuItem(
            "records:fixity",
            "Storage check",
            "存储检查",
            icon="shield-check",
            roles=("archivist", "archive_head"),
        ),
    ),
    roles=(*SEAL_ROLES, *ARCHIVE_ROLES),
)
