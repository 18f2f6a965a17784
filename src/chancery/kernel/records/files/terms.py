"""Words of files: why one is refused, what a type is called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.foundations.papers import Family, Fault

FAULTS = {
    Fault.EMPTY: _("The file is empty."),
    Fault.TOO_LARGE: _("The file is larger than the limit of %(limit)s MB."),
    Fault.UNKNOWN_TYPE: _("Files of this type (%(detail)s) are not kept. Save it as PDF, DOCX, XLSX, OFD or text."),
    Fault.EXTENSION_MISMATCH: _(
        "The name does not fit the content, which is %(detail)s. Rename the file if you know it, or ask its sender."
    ),
    Fault.ENCRYPTED: _("The file is locked with a password. Remove the password: the record must stay readable."),
    Fault.MACROS: _("The file contains macros. Save it without macros."),
    Fault.OLD_OFFICE: _(
        "This is the old binary office format (DOC, XLS, PPT, WPS), which cannot be checked. Save it as DOCX or PDF."
    ),
    Fault.ARCHIVE: _("Archives are not kept as they are. Unpack it and add its files one by one."),
    Fault.EXPANDS_TOO_FAR: _("The file unpacks to far more than it should. It was not opened."),
    Fault.DAMAGED: _("The file is damaged and cannot be read. Ask its sender for it again."),
    Fault.UNREADABLE_TEXT: _("The text is in no encoding that can be read (tried UTF-8, UTF-16, GB18030)."),
    Fault.TOO_DEEP: _("The file holds files within files, too deep to check."),
}

FAMILIES = {
    Family.PDF: _("PDF"),
    Family.OOXML: _("Office document"),
    Family.ODF: _("OpenDocument"),
    Family.OFD: _("OFD"),
    Family.TEXT: _("Plain text"),
    Family.MAIL: _("E-mail"),
    Family.IMAGE: _("Image"),
}

#: Text kept of a file for reading and search. Longer text was checked whole, and is cut here.
LONGEST_TEXT = 2_000_000
LONGEST_NAME = 180
#: What another instrument sealed before it was stored: bytes that say nothing, shown and handed out nowhere here.
SEALED = "application/vnd.chancery.sealed"
