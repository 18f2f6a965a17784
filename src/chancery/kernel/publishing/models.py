"""Nouns of the instrument, for Django and for other apps."""

from chancery.kernel.publishing.notices.models import NoticeFile, NoticeItem, PublicNotice
from chancery.kernel.publishing.receipts.models import Receipt, WrongTry
from chancery.kernel.publishing.status.models import Interruption
from chancery.kernel.publishing.verification.models import Issued, IssuedFile

__all__ = ["Interruption", "Issued", "IssuedFile", "NoticeFile", "NoticeItem", "PublicNotice", "Receipt", "WrongTry"]
