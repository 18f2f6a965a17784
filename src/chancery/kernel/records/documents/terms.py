"""Vocabulary of documents. Codes follow practice of party and government offices (Regulations on Handling Official
Documents, 2012, arts. 8–9) and name the elements of GB/T 33480-2016 where they fit."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Direction(models.TextChoices):
    """Where a document goes."""

    INCOMING = "IN", pgettext_lazy("direction of a document", "Incoming")
    OUTGOING = "OUT", pgettext_lazy("direction of a document", "Outgoing")
    INTERNAL = "INT", pgettext_lazy("direction of a document", "Internal")


class DocumentKind(models.TextChoices):
    """文种: the types of official document, and the papers an office receives besides."""

    RESOLUTION = "RESOLUTION", pgettext_lazy("type of document", "Resolution")
    DECISION = "DECISION", pgettext_lazy("type of document", "Decision")
    ORDER = "ORDER", pgettext_lazy("type of document", "Order")
    COMMUNIQUE = "COMMUNIQUE", pgettext_lazy("type of document", "Communiqué")
    ANNOUNCEMENT = "ANNOUNCEMENT", pgettext_lazy("type of document", "Announcement")
    PUBLIC_NOTICE = "PUBLIC_NOTICE", pgettext_lazy("type of document", "Public notice")
    OPINION = "OPINION", pgettext_lazy("type of document", "Opinion")
    NOTICE = "NOTICE", pgettext_lazy("type of document", "Notice")
    CIRCULAR = "CIRCULAR", pgettext_lazy("type of document", "Circular")
    REPORT = "REPORT", pgettext_lazy("type of document", "Report")
    REQUEST = "REQUEST", pgettext_lazy("type of document", "Request for instructions")
    REPLY = "REPLY", pgettext_lazy("type of document", "Reply to a request")
    MOTION = "MOTION", pgettext_lazy("type of document", "Motion")
    LETTER = "LETTER", pgettext_lazy("type of document", "Letter")
    MINUTES = "MINUTES", pgettext_lazy("type of document", "Minutes")
    TELEGRAM = "TELEGRAM", pgettext_lazy("type of document", "Telegram")
    INVITATION = "INVITATION", pgettext_lazy("type of document", "Invitation")
    MEMORANDUM = "MEMORANDUM", pgettext_lazy("type of document", "Memorandum")
    OTHER = "OTHER", pgettext_lazy("type of document", "Other paper")


class Urgency(models.TextChoices):
    """紧急程度. Telegrams have two more degrees."""

    ORDINARY = "ORDINARY", pgettext_lazy("urgency", "Ordinary")
    URGENT = "URGENT", pgettext_lazy("urgency", "Urgent")
    MOST_URGENT = "MOST_URGENT", pgettext_lazy("urgency", "Most urgent")
    FLASH = "FLASH", pgettext_lazy("urgency", "Flash (telegram)")
    PRIORITY = "PRIORITY", pgettext_lazy("urgency", "Priority (telegram)")


class FileRole(models.TextChoices):
    """What a file is to its document."""

    MAIN = "MAIN", pgettext_lazy("part of a document", "Text")
    ATTACHMENT = "ATTACHMENT", pgettext_lazy("part of a document", "Attachment")
    SOURCE = "SOURCE", pgettext_lazy("part of a document", "Source e-mail")
    SLIP = "SLIP", pgettext_lazy("part of a document", "Processing slip")
    REPLY = "REPLY", pgettext_lazy("part of a document", "Reply")


#: GB/T 33480-2016 element → field of Document.
METADATA_ELEMENTS = {
    "标题": "title",
    "文种": "kind",
    "发文字号": "sender_number",
    "发文机关": "sender",
    "成文日期": "document_date",
    "紧急程度": "urgency",
    "份号": "copy_number",
    "页数": "page_count",
    "主送机关": "addressees",
}
