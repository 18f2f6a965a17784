"""A paper as Word or OpenDocument file, for those who read or print it elsewhere."""

from __future__ import annotations

from typing import cast

from chancery.departments.general_office.outgoing_documents import queries
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations import manuscript
from chancery.foundations.manuscript.docx_writing import to_docx
from chancery.foundations.manuscript.odt_writing import to_odt

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}


def export(document: OutgoingDocument, kind: str) -> bytes:
    """The paper as `kind`, "docx" or "odt"."""
    write = to_docx if kind == "docx" else to_odt
    profile = cast(manuscript.Profile, document.profile)
    return write(document.body or manuscript.EMPTY, heads=head_of(document), profile=profile)


def head_of(document: OutgoingDocument) -> manuscript.PaperHead:
    """What stands around the text."""
    paper = queries.paper_of(document, draft=not document.number)
    return manuscript.PaperHead(
        issuer_mark="、".join(paper.issuer_marks) if paper.language == "zh" else ", ".join(paper.issuer_marks),
        number=paper.number,
        signatories=tuple(paper.signatories),
        title=paper.title,
        addressees=paper.addressees,
        signers=tuple(paper.signers),
        dated_on=paper.dated_on,
        annexes=tuple(one if isinstance(one, str) else one.title for one in paper.annexes),
        note=paper.note,
        cc=paper.cc,
        language=paper.language,
    )
