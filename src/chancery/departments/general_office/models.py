"""The department's nouns: those of its functions."""

from chancery.departments.general_office.archives.handover.models import (
    HandoverCheck,
    HandoverDuty,
    HandoverList,
    HandoverRow,
)
from chancery.departments.general_office.archives.loans.models import Loan
from chancery.departments.general_office.archives.openings.models import Opening, OpeningRow, OpenRecord
from chancery.departments.general_office.archives.reading.models import ReadingCopy, ReadingRequest
from chancery.departments.general_office.archives.storage.models import (
    BoxPlacing,
    Stocktake,
    StocktakeCount,
    StocktakeExpected,
    StoragePlace,
)
from chancery.departments.general_office.archives.transfers.models import (
    TransferList,
    TransferPackage,
    TransferRow,
)
from chancery.departments.general_office.confidential_work.breaches.models import Breach
from chancery.departments.general_office.confidential_work.carriers.counts.models import CarrierCount, CountLine
from chancery.departments.general_office.confidential_work.carriers.destruction.models import (
    CarrierDestruction,
    DestructionLine,
)
from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy, CopyRequest
from chancery.departments.general_office.confidential_work.carriers.receipts.models import CarrierReceipt, ReceiptLine
from chancery.departments.general_office.confidential_work.classification.models import (
    Classification,
    ClassificationAudience,
)
from chancery.departments.general_office.confidential_work.clearances.leaving.models import Leaving
from chancery.departments.general_office.confidential_work.clearances.models import ExitRequest, PersonClearance
from chancery.departments.general_office.confidential_work.review.models import (
    ReviewEntry,
    UndefinedMatter,
    YearlyReview,
)
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
from chancery.departments.general_office.petitions.counting.models import (
    PetitionRecommendation,
    PetitionRelease,
    PetitionWarning,
)
from chancery.departments.general_office.petitions.custody.models import (
    IdentityOpening,
    PetitionIdentity,
    PetitionOriginal,
)
from chancery.departments.general_office.petitions.desk.models import PetitionArrival
from chancery.departments.general_office.petitions.desk.visits.models import (
    PetitionHours,
    PetitionPlace,
    PetitionRoom,
    PetitionVisit,
)
from chancery.departments.general_office.petitions.handling.models import (
    PetitionAssignment,
    PetitionDecision,
    PetitionExtension,
    PetitionMeeting,
    PetitionOpinion,
)
from chancery.departments.general_office.petitions.letters.models import PetitionLetter
from chancery.departments.general_office.petitions.likeness.models import PetitionLikeness, PetitionTie
from chancery.departments.general_office.petitions.models import (
    Petition,
    PetitionCampaign,
    PetitionFile,
    PetitionHand,
    PetitionPause,
    PetitionStage,
    PetitionText,
)

__all__ = [
    "AddressGroup",
    "Addressee",
    "Annex",
    "Arrival",
    "BoxPlacing",
    "Breach",
    "Carrier",
    "CarrierCopy",
    "CarrierCount",
    "CarrierDestruction",
    "CarrierReceipt",
    "Classification",
    "ClassificationAudience",
    "Comment",
    "CopyRequest",
    "CountLine",
    "CountersignUnit",
    "Delivery",
    "DestructionLine",
    "DraftTemplate",
    "DraftVersion",
    "EditLock",
    "ExitRequest",
    "GroupMember",
    "HandlingUnit",
    "HandoverCheck",
    "HandoverDuty",
    "HandoverList",
    "HandoverRow",
    "IdentityOpening",
    "IncomingDocument",
    "IncomingFile",
    "IssuingSeries",
    "JointIssuer",
    "Leaving",
    "Loan",
    "OpenRecord",
    "Opening",
    "OpeningRow",
    "OutgoingDocument",
    "PackageTaken",
    "PersonClearance",
    "Petition",
    "PetitionArrival",
    "PetitionAssignment",
    "PetitionCampaign",
    "PetitionDecision",
    "PetitionExtension",
    "PetitionFile",
    "PetitionHand",
    "PetitionHours",
    "PetitionIdentity",
    "PetitionLetter",
    "PetitionLikeness",
    "PetitionMeeting",
    "PetitionOpinion",
    "PetitionOriginal",
    "PetitionPause",
    "PetitionPlace",
    "PetitionRecommendation",
    "PetitionRelease",
    "PetitionRoom",
    "PetitionStage",
    "PetitionText",
    "PetitionTie",
    "PetitionVisit",
    "PetitionWarning",
    "Reader",
    "ReadingCopy",
    "ReadingRequest",
    "ReceiptLine",
    "Relation",
    "RelationEffect",
    "ReviewEntry",
    "SenderNote",
    "Signature",
    "Stocktake",
    "StocktakeCount",
    "StocktakeExpected",
    "StoragePlace",
    "TransferList",
    "TransferPackage",
    "TransferRow",
    "UndefinedMatter",
    "UnsavedWork",
    "Withdrawal",
    "YearlyReview",
]
