"""Taking a Word file in."""

from __future__ import annotations

import datetime as dt
import io
from typing import IO, cast

from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries
from chancery.departments.general_office.outgoing_documents.drafting.services import NotThere, save_draft
from chancery.departments.general_office.outgoing_documents.drafting.terms import VersionKind
from chancery.foundations import manuscript
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.manuscript.docx_reading import Imported, from_docx
from chancery.foundations.postgres.row_security import service
from chancery.kernel.records import services as records


@service
def import_docx(
    *, document_id: int, name: str, content: IO[bytes], seen_version: int | None = None, by: Actor, at: dt.datetime
) -> Imported:
    """Let the file's text, and its title where the draft has none, stand in the draft as a new version.

    The file itself is not kept. A marked one is refused whole, whatever part of it carries the marking.
    """
    document = queries.document(document_id)
    if document is None:
        raise NotThere(_("There is no such document."))
    source = io.BytesIO(content.read())
    found = from_docx(source, profile=cast(manuscript.Profile, document.profile))
    records.demand_unmarked(
        texts={"file": f"{name}\n{found.title or ''}\n{manuscript.plain(found.doc)}"}, where="outgoing", by=by, at=at
    )
    facts = {"body": found.doc, **({"title": found.title} if found.title and not document.title else {})}
    save_draft(
        document_id=document_id,
        facts=facts,
        seen_version=seen_version,
        note=_("From the file %(name)s") % {"name": name[:200]},
        kind=VersionKind.IMPORTED,
        by=by,
        at=at,
    )
    journal.write(by=by, at=at, act="outgoing.imported", on=document, data={"warnings": len(found.warnings)})
    return found
