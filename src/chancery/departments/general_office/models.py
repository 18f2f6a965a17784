"""The department's nouns: those of its functions."""

from chancery.departments.general_office.incoming_documents.inside.models import Arrival, SenderNote
from chancery.departments.general_office.incoming_documents.models import (
    HandlingUnit,
    IncomingDocument,
    IncomingFile,
    Reader,
)
from chancery.departments.general_office.outgoing_documents.address_book.models import AddressGroup, GroupMember
from chancery.departments.general_office.outgoing_documents.comments.models import Comment
from chancery.departments.general_office.outgoing_documents.correction.models import RelationEffect, Withdrawal
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.drafting.models import (
    DraftTemplate,
    DraftVersion,
    EditLock,
    UnsavedWork,
)
from chancery.departments.general_office.outgoing_documents.exchange.models import PackageTaken
from chancery.departments.general_office.outgoing_documents.issuing.models import IssuingSeries, Signature
from chancery.departments.general_office.outgoing_documents.models import (
    Addressee,
    Annex,
    CountersignUnit,
    JointIssuer,
    OutgoingDocument,
    Relation,
)

__all__ = [
    "AddressGroup",
    "Addressee",
    "Annex",
    "Arrival",
    "Comment",
    "CountersignUnit",
    "Delivery",
    "DraftTemplate",
    "DraftVersion",
    "EditLock",
    "GroupMember",
    "HandlingUnit",
    "IncomingDocument",
    "IncomingFile",
    "IssuingSeries",
    "JointIssuer",
    "OutgoingDocument",
    "PackageTaken",
    "Reader",
    "Relation",
    "RelationEffect",
    "SenderNote",
    "Signature",
    "UnsavedWork",
    "Withdrawal",
]
