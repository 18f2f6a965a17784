"""Verbs of the instrument, for other apps."""

from chancery.kernel.records.documents.services import (
    DuplicateDocument,
    attach_file,
    correct_document,
    file_document,
    register_document,
)
from chancery.kernel.records.files.services import copy_file, give_file, store_file, store_sealed
from chancery.kernel.records.markings.services import demand_unmarked
from chancery.kernel.records.numbers.services import issue_number, void_number
from chancery.kernel.records.seals.services import (
    affix,
    change_keeper,
    register_seal,
    renew_certificate,
    retire_seal,
    seal_up,
)
from chancery.kernel.records.search.services import index_item, index_many, reindex, set_state, withdraw_item

__all__ = [
    "DuplicateDocument",
    "affix",
    "attach_file",
    "change_keeper",
    "copy_file",
    "correct_document",
    "demand_unmarked",
    "file_document",
    "give_file",
    "index_item",
    "index_many",
    "issue_number",
    "register_document",
    "register_seal",
    "reindex",
    "renew_certificate",
    "retire_seal",
    "seal_up",
    "set_state",
    "store_file",
    "store_sealed",
    "void_number",
    "withdraw_item",
]
