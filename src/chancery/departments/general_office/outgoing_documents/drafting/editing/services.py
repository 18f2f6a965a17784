"""Verbs of editing: the page is open, taken over, let go; unsaved work; an earlier version taken up again."""

from __future__ import annotations

import datetime as dt
import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries
from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
from chancery.departments.general_office.outgoing_documents.drafting.models import EditLock, UnsavedWork
from chancery.departments.general_office.outgoing_documents.drafting.services import NotThere, save_draft
from chancery.departments.general_office.outgoing_documents.drafting.terms import VersionKind
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.foundations.words import words
from chancery.kernel.records import services as records

LARGEST = 18 * 1024 * 1024  # characters of unsaved work; a manuscript has its own, smaller limit


class Hold(enum.StrEnum):
    """Whose editor it is."""

    YOURS = "YOURS"
    HELD = "HELD"  # somebody else has it open
    TAKEN = "TAKEN"  # somebody else took it over from you
    CLOSED = "CLOSED"  # it may not be edited any more


@dataclass(frozen=True, slots=True)
class Standing:
    """What a page is told about its editor."""

    hold: Hold
    version: int
    name: str = ""
    since: dt.datetime | None = None


def _document(document_id: int) -> OutgoingDocument:
    found = queries.document(document_id)
    if found is None:
        raise NotThere(_("There is no such document."))
    return found


def _held(document_id: int) -> EditLock | None:
    # Without a join: a row that changed hands while we waited would not fit its old holder and would seem to be gone.
    return EditLock.objects.select_for_update().filter(document_id=document_id).first()


@service
def beat(*, document_id: int, by: Actor, at: dt.datetime) -> Standing:
    """The page is open. Takes the editor when nobody has it; otherwise says who does."""
    document = _document(document_id)
    if not drafting.may_edit(document, by):
        return Standing(Hold.CLOSED, document.version)
    person_id = by.person_id or 0
    EditLock.objects.bulk_create(
        [EditLock(document=document, person_id=person_id, since=at, beat_at=at)], ignore_conflicts=True
    )
    lock = _held(document_id)
    if lock is None:  # let go this instant; the next beat takes it
        return Standing(Hold.YOURS, document.version)
    if lock.person_id == person_id:
        lock.beat_at = at
        lock.save(update_fields=["beat_at"])
        return Standing(Hold.YOURS, document.version, since=lock.since)
    if drafting.is_standing(lock, at):
        hold = Hold.TAKEN if lock.taken_from_id == person_id else Hold.HELD
        return Standing(hold, document.version, words(lock.person), lock.since)
    _hand(lock, person_id, at, taken_from=None)
    return Standing(Hold.YOURS, document.version, since=at)


def _hand(lock: EditLock, person_id: int, at: dt.datetime, *, taken_from: int | None) -> None:
    EditLock.objects.filter(pk=lock.pk).update(person_id=person_id, since=at, beat_at=at, taken_from_id=taken_from)


@service
def take_over(*, document_id: int, by: Actor, at: dt.datetime) -> Standing:
    """Take the editor from whoever has it. That page is told, and what was typed there is kept as unsaved work."""
    document = _document(document_id)
    drafting.may_edit(document, by).demand()
    standing = beat(document_id=document_id, by=by, at=at)
    if standing.hold is Hold.YOURS:
        return standing
    lock = _held(document_id)
    if lock is None or lock.person_id == by.person_id:
        return Standing(Hold.YOURS, document.version, since=at)
    _hand(lock, by.person_id or 0, at, taken_from=lock.person_id)
    journal.write(by=by, at=at, act="outgoing.taken_over", on=document, data={"from_person": lock.person_id})
    return Standing(Hold.YOURS, document.version, since=at)


@service
def let_go(*, document_id: int, by: Actor, at: dt.datetime) -> None:
    """The page was left."""
    EditLock.objects.filter(document_id=document_id, person_id=by.person_id or 0).delete()


@service
def autosave(
    *, document_id: int, base_version: int, fields: Mapping[str, Sequence[str]], by: Actor, at: dt.datetime
) -> UnsavedWork:
    """Keep what is typed and not saved, as the page sent it. A state-secret marking in it is refused."""
    document = _document(document_id)
    drafting.may_edit(document, by).demand()
    kept = {name: [str(value) for value in values] for name, values in fields.items()}
    if sum(len(value) for values in kept.values() for value in values) > LARGEST:
        raise Refused(_("The text is too long to be kept in one piece. Move a part into an annex."), field="body")
    texts = {name: _words_of(name, values) for name, values in kept.items()}
    records.demand_unmarked(texts={name: text for name, text in texts.items() if text}, where="outgoing", by=by, at=at)
    found, _made = UnsavedWork.objects.update_or_create(
        document=document,
        person_id=by.person_id or 0,
        defaults={"base_version": base_version, "fields": kept, "at": at},
    )
    return found


def _words_of(name: str, values: Sequence[str]) -> str:
    """What a reader would see of a field; of the manuscript its words, unbroken by its form."""
    text = "\n".join(values)
    if name != "body" or not text.lstrip().startswith("{"):
        return text
    try:
        doc = json.loads(text)
    except ValueError:
        return text
    lines: list[str] = []
    waiting = [(doc, False)]
    while waiting:
        node, _is_run = waiting.pop()
        if isinstance(node, dict):
            children = node.get("content")
            runs = (
                [one for one in children or () if isinstance(one, dict) and "text" in one]
                if isinstance(children, list)
                else []
            )
            if runs:
                lines.append("".join(str(one["text"]) for one in runs))
            if isinstance(children, list):
                waiting += [(one, True) for one in reversed(children)]
    return "\n".join(lines)


@service
def drop_unsaved(*, document_id: int, by: Actor, at: dt.datetime) -> None:
    """Throw one's own unsaved work away."""
    UnsavedWork.objects.filter(document_id=document_id, person_id=by.person_id or 0).delete()


@service
def restore_version(
    *, document_id: int, number: int, seen_version: int | None = None, by: Actor, at: dt.datetime
) -> OutgoingDocument:
    """Let an earlier version stand again, as a new one. Annexes stay as they are."""
    version = drafting.version(document_id, number)
    if version is None:
        raise NotThere(_("There is no such version."))
    saved = save_draft(
        document_id=document_id,
        facts=version.facts,
        seen_version=seen_version,
        note=_("Version %(number)d taken up again") % {"number": number},
        kind=VersionKind.RESTORED,
        by=by,
        at=at,
    )
    journal.write(by=by, at=at, act="outgoing.restored", on=saved, data={"version": number})
    return saved
