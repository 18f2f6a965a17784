"""Words of the instrument, for other apps."""

from chancery.kernel.publishing.notices.terms import ACTS as NOTICE_ACTS
from chancery.kernel.publishing.receipts.terms import ACTS as RECEIPT_ACTS
from chancery.kernel.publishing.receipts.terms import watch
from chancery.kernel.publishing.status.terms import ACTS as STATUS_ACTS
from chancery.kernel.publishing.status.terms import Group, Threshold, publish_thresholds
from chancery.kernel.publishing.verification.terms import ACTS as VERIFICATION_ACTS
from chancery.kernel.publishing.verification.terms import IssuedState

ACTS = (VERIFICATION_ACTS, RECEIPT_ACTS, NOTICE_ACTS, STATUS_ACTS)

__all__ = ["ACTS", "Group", "IssuedState", "Threshold", "publish_thresholds", "watch"]
