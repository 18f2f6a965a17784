"""Which letters there are and may be written, what they say, what their sender reads of them."""

from __future__ import annotations

import datetime as dt
import functools
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.timezone import localtime

from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import State as PaperState
from chancery.departments.general_office.petitions.custody import queries as custody
from chancery.departments.general_office.petitions.handling import queries as handling
from chancery.departments.general_office.petitions.handling.clocks import queries as clocks
from chancery.departments.general_office.petitions.handling.models import PetitionOpinion
from chancery.departments.general_office.petitions.handling.opinions import queries as opinions
from chancery.departments.general_office.petitions.handling.terms import Asked, Decided, Drafted
from chancery.departments.general_office.petitions.letters import rules
from chancery.departments.general_office.petitions.letters.models import PetitionLetter
from chancery.departments.general_office.petitions.letters.terms import OPINIONS, TO_SENDER, LetterKind
from chancery.departments.general_office.petitions.models import Petition, PetitionStage
from chancery.departments.general_office.petitions.terms import ENDED_STATES, SUBJECT, Stage, State
from chancery.foundations import clock, manuscript
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Verdict
from chancery.foundations.words import words
from chancery.kernel.records import queries as records
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.files.models import StoredFile

WORDING = Path(__file__).with_name("wording.toml")
ISSUED = (PaperState.RELEASED,)
GIVEN_UP = (PaperState.CANCELLED,)
_OPINION_PARTS = ("request", "facts", "view", "basis", "remedy")


@dataclass(frozen=True, slots=True)
class Offer:
    """A letter that may be written now: its kind, stage, round, and what it tells."""

    kind: LetterKind
    stage: str
    round: int
    facts: Mapping[str, Any]
    unit_id: int | None = None  # of a transfer: to a unit of the house …
    body: str = ""  # … or to a body outside


@functools.cache
def _wording() -> dict[str, Any]:
    return tomllib.loads(WORDING.read_text("utf-8"))


def language_of(petition: Petition) -> str:
    """ "zh" or "en": as the sender wrote."""
    return "zh" if petition.language.startswith("zh") else "en"


# --- What may be written ---------------------------------------------------------------------------------------------
def offers(petition: Petition) -> list[Offer]:
    """Every letter there is something to tell for, whether begun or not. What was filed is complete."""
    return [] if petition.state in ENDED_STATES and is_filed(petition) else list(_offers(petition))


def is_filed(petition: Petition) -> bool:
    """Whether it lies in the archive as it ended; one that was opened again has more to tell."""
    with acting_as(SYSTEM):
        return not petition.reopened_count and ArchivalItem.objects.filter(subject=f"{SUBJECT}:{petition.pk}").exists()


def _offers(petition: Petition) -> Iterator[Offer]:
    decision = handling.decision(petition.pk)
    if decision is not None and decision.noticed_at is not None:
        told = handling.words_of(decision.notice) if decision.notice else ""
        facts: dict[str, Any] = {"told": told}
        first = PetitionStage.objects.select_related("unit").filter(petition=petition, stage=Stage.FIRST).last()
        if decision.decision == Decided.ACCEPT:
            facts |= {"unit": first.unit if first else None, "due": first.due_on if first else None}
            yield Offer(LetterKind.ACCEPTANCE, Stage.FIRST, decision.round, facts)
        elif decision.decision == Decided.NOT_ACCEPT:
            facts |= {"ground": decision.get_ground_display, "reference": decision.reference}
            yield Offer(LetterKind.NOT_ACCEPTED, Stage.FIRST, decision.round, facts)
        else:
            to = decision.to_unit or decision.to_body
            to_unit, to_body = decision.to_unit_id, decision.to_body
            yield Offer(LetterKind.TRANSFER_BODY, Stage.FIRST, decision.round, {}, to_unit, to_body)
            yield Offer(LetterKind.TRANSFER_SENDER, Stage.FIRST, decision.round, facts | {"body": to})
    for more in clocks.extensions(petition.pk):
        if more.state == Asked.GRANTED:
            said = handling.words_of(more.told or more.reason)
            facts = {"days": more.days, "due": more.due_after, "reason": said}
            yield Offer(LetterKind.EXTENSION, more.stage.stage, more.stage.round, facts)
    rows = PetitionOpinion.objects.select_related("stage", *_OPINION_PARTS)
    for one in rows.filter(stage__petition=petition, state=Drafted.APPROVED).order_by("id"):
        parts = opinions.parts_of(one)
        yield Offer(OPINIONS[Stage(one.stage.stage)], one.stage.stage, one.stage.round, parts)
    if petition.state in (State.CLOSED, State.FINAL) and petition.closed_at is not None:
        facts = {"closed": clock.date_of(petition.closed_at), "outcome": petition.get_outcome_display}
        yield Offer(LetterKind.CLOSING, petition.stage, petition.reopened_count + 1, facts)


def open_offers(petition: Petition) -> list[Offer]:
    """Those that nobody has begun."""
    begun = {(one.kind, one.stage, one.round) for one in letters(petition.pk) if stands(one)}
    return [one for one in offers(petition) if (one.kind, one.stage, one.round) not in begun]


def letters(petition_id: int) -> list[PetitionLetter]:
    """The letters of a petition in order. The document of one that the actor may not see is None."""
    rows = PetitionLetter.objects.filter(petition_id=petition_id).order_by("begun_at", "id")
    found = list(rows.select_related("begun_person"))
    seen = OutgoingDocument.objects.in_bulk([one.document_id for one in found if one.document_id])
    for one in found:
        one.document = seen.get(one.document_id) if one.document_id else None
    return found


def letter(letter_id: int) -> PetitionLetter | None:
    """A letter, or None when it does not exist for the actor."""
    return PetitionLetter.objects.select_related("petition", "petition__guard").filter(pk=letter_id).first()


def stands(one: PetitionLetter) -> bool:
    """Neither given up nor cancelled."""
    return one.ended_at is None and state_of(one) not in ("", *GIVEN_UP)


def state_of(one: PetitionLetter) -> str:
    """Where its document stands; "" when it was thrown away. Asked of the office: the paper may be another's."""
    with acting_as(SYSTEM):
        found = OutgoingDocument.objects.filter(petition_letter=one.pk).values_list("state", flat=True).first()
    return str(found or "")


# --- What it says ----------------------------------------------------------------------------------------------------
def written(petition: Petition, offer: Offer) -> tuple[str, str]:
    """(title, text) of a letter, in its sender's language. A transfer speaks the language of the house it goes to."""
    language = language_of(petition)
    with translation.override("zh-hans" if language == "zh" else "en"):
        facts = {
            "number": petition.number,
            "received": petition.received_on,
            "title": petition.title,
            "misrouted": rulebook.days("petition.misrouted", on=clock.today()),
            **offer.facts,
        }
        said = {name: _said(value, language) for name, value in facts.items()}
        form = _wording()[offer.kind.value][language]
        lines = [line.format_map(_Blank(said)) for line in form["lines"] if _is_told(line, said)]
        return form["title"].format_map(said), "\n".join(lines)


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _is_told(line: str, said: Mapping[str, str]) -> bool:
    """A line without places stands; one with places, unless what it alone is there to tell is empty."""
    names = [name for _text, name, _spec, _conversion in string.Formatter().parse(line) if name]
    own = [name for name in names if name not in ("number", "received")]
    return all(said.get(name) for name in own)


def _said(value: Any, language: str) -> str:
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日" if language == "zh" else value.strftime("%-d %B %Y")
    if hasattr(value, "name_en"):
        return words(value, "name", language)
    return str(value() if callable(value) else value if value is not None else "").strip()


def addressee(petition: Petition) -> tuple[str, str]:
    """How its sender is addressed and reached: by number, through the office."""
    form = _wording()[language_of(petition)]
    return form["sender"].format(number=petition.number), form["way"]


# --- No identity in any letter ---------------------------------------------------------------------------------------
def look(document: OutgoingDocument, facts: Mapping[str, Any]) -> Iterator[Verdict]:
    """A further fault of an outgoing document: it is a petition's letter and tells who petitions."""
    with acting_as(SYSTEM):
        one = PetitionLetter.objects.filter(document_id=document.pk or 0).first()
        if one is None:
            return
        held = custody.needles_of(one.petition_id)
    outside = " ".join(" ".join(map(str, row.values())) for row in facts.get("outside") or ())
    names = " ".join(document.annexes.values_list("name", flat=True))
    text = "\n".join(
        (facts["title"], facts["note"], facts["keywords"], manuscript.plain(facts["body"]), outside, names)
    )
    verdict = rules.is_nameless(tells=custody.tells(text, held))
    if not verdict:
        yield verdict


def is_letter(document_id: int) -> bool:
    """Whether an outgoing document is the letter of a petition: it is filed with that, not by itself."""
    with acting_as(SYSTEM):
        return PetitionLetter.objects.filter(document_id=document_id).exists()


def is_to_sender(document_id: int) -> bool:
    """Whether it goes to whoever petitions: the paper then bears no label of the house."""
    with acting_as(SYSTEM):
        return PetitionLetter.objects.filter(document_id=document_id, kind__in=TO_SENDER).exists()


# --- What its sender is told -----------------------------------------------------------------------------------------
def _issued(petition_id: int) -> Any:
    rows = OutgoingDocument.objects.filter(
        petition_letter__petition_id=petition_id, petition_letter__kind__in=TO_SENDER, state__in=ISSUED
    )
    return rows.select_related("petition_letter").order_by("released_at", "id")


def told(petition_id: int) -> list[dict[str, Any]]:
    """The letters issued to the sender, as the page behind the code shows them."""
    with acting_as(SYSTEM):
        return [
            {
                "id": one.petition_letter.pk,
                "kind": one.petition_letter.get_kind_display(),
                "title": one.title,
                "number": one.number,
                "dated_on": one.dated_on,
                "text": manuscript.plain(one.body),
                "pages": one.pages,
            }
            for one in _issued(petition_id)
        ]


def told_file(petition_id: int, letter_id: int) -> tuple[str, bytes] | None:
    """(name, PDF) of a letter issued to the sender of this petition; None when there is none."""
    with acting_as(SYSTEM):
        found = _issued(petition_id).filter(petition_letter=letter_id).first()
        if found is None or found.sealed_file_id is None:
            return None
        stored = StoredFile.objects.defer("text").get(pk=found.sealed_file_id)
        with records.open_file(stored) as content:
            return f"{found.number.replace('/', '-')}.pdf", content.read()


# --- For the page of a petition --------------------------------------------------------------------------------------
def section(petition: Petition, by: Actor, at: dt.datetime) -> Mapping[str, Any] | None:
    """The letters, and those to write."""
    found = letters(petition.pk)
    begun = {(one.kind, one.stage, one.round) for one in found if stands(one)}
    may_be = [one for one in offers(petition) if (one.kind, one.stage, one.round) not in begun]
    mine = [one for one in may_be if rules.may_write(by, one.kind, {one.kind}, ())]
    if not found and not mine:
        return None
    rows = []
    for one in found:
        state = state_of(one)
        rows.append(
            {
                "letter": one,
                "document": one.document,
                "state": PaperState(state).label if state else "",
                "is_issued": state in ISSUED,
                "may_cover": bool(rules.may_print_cover(one, is_issued=state in ISSUED)),
                "begun": localtime(one.begun_at).date(),
            }
        )
    return {"rows": rows, "offers": mine}


def issued_files(petition_id: int) -> list[tuple[int, str, int | None]]:
    """(file, number, pages) of all its issued letters, for the archive."""
    rows = OutgoingDocument.objects.filter(petition_letter__petition_id=petition_id, state__in=ISSUED)
    rows = rows.exclude(sealed_file=None).order_by("released_at", "id")
    return [(one.sealed_file_id or 0, one.number, one.pages) for one in rows]


def unfinished(petition_id: int) -> list[str]:
    """Letters that are neither issued nor given up, by their names."""
    with acting_as(SYSTEM):
        rows = PetitionLetter.objects.filter(petition_id=petition_id, ended_at=None).select_related("document")
        done = {PaperState.RELEASED, PaperState.WITHDRAWN, PaperState.CANCELLED}
        return [str(one.get_kind_display()) for one in rows if one.document and one.document.state not in done]


def openings_to_use(petition_id: int, by: Actor, at: dt.datetime) -> list[Any]:
    """Openings under which the actor may print a cover now."""
    from chancery.departments.general_office.petitions.custody import rules as custody_rules

    return [one for one in custody.openings(petition_id) if custody_rules.may_read(by, one, at)]
