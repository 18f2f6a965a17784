"""Vocabulary of letters and visits."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from django_stubs_ext import StrOrPromise

    from chancery.departments.general_office.archives.terms import Line
    from chancery.departments.general_office.petitions.models import Petition
    from chancery.foundations.actor import Actor

OFFICE_CODE = "GO"
SERIES = "petition"
SUBJECT = "general_office.petition"
LONGEST_TITLE = 120
SEARCH_KIND = pgettext_lazy("letters and visits", "Petition")
FIELDS_KEY = "petition.fields"

REGISTRAR = "petition_registrar"
OFFICER = "petition_officer"
HANDLER = "petition_handler"
HEAD = "petition_head"
CUSTODIAN = "petition_custodian"
REVIEWER = "petition_reviewer"
REREVIEWER = "petition_rereviewer"
# Those who may read a petition from the day it arrives; handlers and reviewers are added when it reaches them.
STANDING_READERS = (REGISTRAR, OFFICER, HEAD, CUSTODIAN)
EVERY_ROLE = (*STANDING_READERS, HANDLER, REVIEWER, REREVIEWER)


class Kind(models.TextChoices):
    """What is petitioned."""

    SUGGESTION = "SUGGESTION", _("Suggestion")
    ACCUSATION = "ACCUSATION", _("Accusation")
    APPEAL = "APPEAL", pgettext_lazy("kind of petition", "Appeal")


class Channel(models.TextChoices):
    """How it came."""

    WEB = "WEB", _("Web")
    LETTER = "LETTER", pgettext_lazy("channel of a petition", "Letter")
    PHONE = "PHONE", _("Telephone")
    FAX = "FAX", _("Fax")
    EMAIL = "EMAIL", pgettext_lazy("channel of a petition", "E-mail")
    VISIT = "VISIT", _("Visit")


class State(models.TextChoices):
    """Where a petition stands, as its sender is told too."""

    RECEIVED = "RECEIVED", pgettext_lazy("petition", "Received")
    REGISTERED = "REGISTERED", pgettext_lazy("petition", "Registered")
    ACCEPTED = "ACCEPTED", pgettext_lazy("petition", "Accepted")
    NOT_ACCEPTED = "NOT_ACCEPTED", pgettext_lazy("petition", "Not accepted")
    TRANSFERRED = "TRANSFERRED", pgettext_lazy("petition", "Transferred")
    UNDER_WAY = "UNDER_WAY", pgettext_lazy("petition", "Under way")
    ANSWERED = "ANSWERED", pgettext_lazy("petition", "Answered")
    CLOSED = "CLOSED", pgettext_lazy("petition", "Closed")
    FINAL = "FINAL", pgettext_lazy("petition", "Finally closed")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("petition", "Withdrawn by its sender")


TONES = {
    "RECEIVED": "violet", "REGISTERED": "blue", "ACCEPTED": "blue", "NOT_ACCEPTED": "neutral", "TRANSFERRED": "blue",
    "UNDER_WAY": "amber", "ANSWERED": "green", "CLOSED": "neutral", "FINAL": "neutral", "WITHDRAWN": "neutral",
}  # fmt: skip

#: Which state may follow which. The database holds the same table (migration `petitions_law`).
FOLLOWS: dict[str, frozenset[str]] = {
    "RECEIVED": frozenset({"REGISTERED", "CLOSED", "WITHDRAWN"}),
    "REGISTERED": frozenset({"ACCEPTED", "NOT_ACCEPTED", "TRANSFERRED", "UNDER_WAY", "CLOSED", "WITHDRAWN"}),
    "ACCEPTED": frozenset({"UNDER_WAY", "TRANSFERRED", "ANSWERED", "CLOSED", "WITHDRAWN"}),
    "NOT_ACCEPTED": frozenset({"REGISTERED", "CLOSED"}),
    "TRANSFERRED": frozenset({"REGISTERED", "ACCEPTED", "UNDER_WAY", "CLOSED", "WITHDRAWN"}),
    "UNDER_WAY": frozenset({"REGISTERED", "TRANSFERRED", "ANSWERED", "CLOSED", "WITHDRAWN"}),
    "ANSWERED": frozenset({"UNDER_WAY", "CLOSED", "FINAL"}),
    "CLOSED": frozenset({"REGISTERED", "UNDER_WAY", "FINAL"}),
    "FINAL": frozenset(),
    "WITHDRAWN": frozenset(),
}
OPEN_STATES = ("RECEIVED", "REGISTERED", "ACCEPTED", "TRANSFERRED", "UNDER_WAY")
ENDED_STATES = ("NOT_ACCEPTED", "CLOSED", "FINAL", "WITHDRAWN")


class Stage(models.TextChoices):
    """Which time it is decided."""

    FIRST = "FIRST", _("First handling")
    REVIEW = "REVIEW", pgettext_lazy("stage of a petition", "Review")
    RE_REVIEW = "RE_REVIEW", _("Re-review")


class Outcome(models.TextChoices):
    """What came of it."""

    SUPPORTED = "SUPPORTED", _("Supported")
    PARTLY = "PARTLY", _("Supported in part")
    NOT_SUPPORTED = "NOT_SUPPORTED", _("Not supported")
    SETTLED = "SETTLED", _("Settled by mediation")
    ADOPTED = "ADOPTED", _("Adopted")
    EXPLAINED = "EXPLAINED", _("Explained")
    REFERRED = "REFERRED", _("Referred to another body")
    NOT_ACCEPTED = "NOT_ACCEPTED", pgettext_lazy("petition", "Not accepted")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("petition", "Withdrawn by its sender")
    MERGED = "MERGED", _("Handled with another petition")
    UPHELD = "UPHELD", pgettext_lazy("outcome of a review", "Upheld")
    CHANGED = "CHANGED", pgettext_lazy("outcome of a review", "Changed")
    RETURNED = "RETURNED", pgettext_lazy("outcome of a review", "Returned to be handled anew")


class Part(models.TextChoices):
    """What a text is."""

    REQUEST = "REQUEST", pgettext_lazy("part of a petition", "Request")
    FACTS = "FACTS", pgettext_lazy("part of a petition", "Facts")
    REASONS = "REASONS", pgettext_lazy("part of a petition", "Reasons")
    ADDITION = "ADDITION", _("Facts added")
    REPLY = "REPLY", pgettext_lazy("part of a petition", "Reply")
    QUESTION = "QUESTION", _("Question to the sender")
    ANSWER = "ANSWER", _("Answer of the sender")
    REVIEW_REQUEST = "REVIEW_REQUEST", _("Request for review")
    RATING_NOTE = "RATING_NOTE", _("Note on the handling")
    NOTE = "NOTE", _("Note of the office")
    OPINION_REQUEST = "OPINION_REQUEST", _("Opinion: what was asked")
    OPINION_FACTS = "OPINION_FACTS", _("Opinion: facts found")
    OPINION_VIEW = "OPINION_VIEW", _("Opinion: view")
    OPINION_BASIS = "OPINION_BASIS", _("Opinion: basis")
    OPINION_REMEDY = "OPINION_REMEDY", _("Opinion: remedy")


#: What its sender may read with the receipt code, of what the office wrote.
TOLD_PARTS = (
    "REPLY",
    "QUESTION",
    "OPINION_REQUEST",
    "OPINION_FACTS",
    "OPINION_VIEW",
    "OPINION_BASIS",
    "OPINION_REMEDY",
)


class Side(models.TextChoices):
    """Who wrote a text or brought a file."""

    PETITIONER = "PETITIONER", pgettext_lazy("who wrote", "Sender")
    OFFICE = "OFFICE", pgettext_lazy("who wrote", "Office")


class Clearance(models.TextChoices):
    """Whether those who handle may see a file."""

    WITHHELD = "WITHHELD", _("Withheld")
    CLEARED = "CLEARED", _("Cleared")
    REPLACED = "REPLACED", _("Replaced by a redacted copy")


class Scan(models.TextChoices):
    """What the search for the sender's identity found in a file."""

    IDENTITY = "IDENTITY", _("Identity found")
    CLEAN = "CLEAN", _("Nothing found")
    NO_TEXT = "NO_TEXT", _("No text to search: look at it")


@dataclass(frozen=True)
class IdentityFacts:
    """Who petitions. Never shown in a representation, a log or a refusal: it prints as nothing."""

    name: str = dataclasses.field(default="", repr=False)
    phone: str = dataclasses.field(default="", repr=False)
    email: str = dataclasses.field(default="", repr=False)
    address: str = dataclasses.field(default="", repr=False)
    id_number: str = dataclasses.field(default="", repr=False)
    other_names: tuple[str, ...] = dataclasses.field(default=(), repr=False)
    representatives: tuple[str, ...] = dataclasses.field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        """Nothing was told."""
        return not any(dataclasses.astuple(self))

    def told(self) -> dict[str, object]:
        """What was told, without what was not."""
        return {key: value for key, value in dataclasses.asdict(self).items() if value}


@dataclass(frozen=True)
class GivenFile:
    """A file as it was handed in. Its name may tell who brought it."""

    name: str = dataclasses.field(repr=False)
    content: IO[bytes] = dataclasses.field(repr=False)


@dataclass(frozen=True)
class Received:
    """What `receive` gives back: the petition, and its receipt code, which is shown once and kept nowhere."""

    petition: Petition
    receipt_code: str = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A block on a petition's page, from another folder of this function. Its template gets `section` = what `context`
    returns for (petition, actor, at); None: it is not shown. `beside`: in the narrow column."""

    name: str
    template: str
    context: Callable[[Petition, Actor, dt.datetime], Mapping[str, Any] | None]
    place: int = 100
    beside: bool = False


_sections: dict[str, Section] = {}
_followers: list[Callable[..., None]] = []
_desks: dict[str, Callable[[Actor, dt.date], Sequence[Line]]] = {}
_actions: dict[str, Callable[[Petition, Actor], Sequence[tuple[str, StrOrPromise, str]]]] = {}


def register_section(section: Section) -> None:
    """Put a block on the page of a petition; called from `AppConfig.ready`."""
    _sections[section.name] = section


def sections(*, beside: bool) -> list[Section]:
    """The blocks of a column, in their order."""
    return sorted((one for one in _sections.values() if one.beside is beside), key=lambda one: one.place)


_takers: list[Callable[..., None]] = []


def take(taker: Callable[..., None]) -> None:
    """Be told, in the same transaction and by the system's hand, that a petition has come in and its texts are sealed:
    `f(petition=, by=SYSTEM, at=)`. Called from `AppConfig.ready`."""
    if taker not in _takers:
        _takers.append(taker)


def taken_in(*, petition: Petition, by: Actor, at: dt.datetime) -> None:
    """Tell the takers."""
    for taker in _takers:
        taker(petition=petition, by=by, at=at)


def follow(follower: Callable[..., None]) -> None:
    """Be told, in the same transaction, when a petition was registered or its state moved: `f(petition=, before=, by=,
    at=)`; called from `AppConfig.ready`."""
    if follower not in _followers:
        _followers.append(follower)


def moved(*, petition: Petition, before: str, by: Actor, at: dt.datetime) -> None:
    """Tell the followers."""
    for follower in _followers:
        follower(petition=petition, before=before, by=by, at=at)


def register_desk(name: str, lines: Callable[[Actor, dt.date], Sequence[Line]]) -> None:
    """Put lines on the hub: what waits for (actor, today), each with its count and address."""
    _desks[name] = lines


def desks() -> list[Callable[[Actor, dt.date], Sequence[Line]]]:
    """Whoever has lines for the hub."""
    return list(_desks.values())


def register_actions(name: str, actions: Callable[[Petition, Actor], Sequence[tuple[str, StrOrPromise, str]]]) -> None:
    """Put buttons at the head of a petition's page: (address, words, icon), for (petition, actor)."""
    _actions[name] = actions


_links: dict[str, Callable[[Actor], Sequence[tuple[str, StrOrPromise, str]]]] = {}


def register_links(name: str, links: Callable[[Actor], Sequence[tuple[str, StrOrPromise, str]]]) -> None:
    """Put ways to other pages at the head of the hub: (address, words, icon), for an actor."""
    _links[name] = links


def links(by: Actor) -> list[tuple[str, StrOrPromise, str]]:
    """The ways for an actor."""
    return [one for offer in _links.values() for one in offer(by)]


def actions(petition: Petition, by: Actor) -> list[tuple[str, StrOrPromise, str]]:
    """The buttons for an actor."""
    return [one for offer in _actions.values() for one in offer(petition, by)]


ACTS = {
    "petition.received": _("Petition received"),
    "petition.registered": _("Petition registered"),
    "petition.corrected": _("Registration corrected"),
    "petition.text_added": _("Text added"),
    "petition.text_released": _("Text released to those who handle"),
    "petition.blacked_out": _("More blacked out"),
    "petition.file_added": _("File added"),
    "petition.file_examined": _("Withheld file looked at"),
    "petition.file_cleared": _("File cleared"),
    "petition.file_replaced": _("File replaced by a redacted copy"),
    "petition.state": _("State changed"),
    "petition.reader_added": _("Given to read"),
    "petition.reader_ended": _("Reading ended"),
    "petition.stepped_aside": _("Stepped aside"),
    "petition.clock": _("Limit set"),
    "petition.rated": _("Handling rated"),
    "petition.identity_sealed": _("Identity sealed"),
    "petition.opening_asked": _("Opening of identity asked"),
    "petition.opening_granted": _("Identity opened"),
    "petition.opening_refused": _("Opening of identity refused"),
    "petition.identity_read": _("Identity read"),
    "petition.opening_ended": _("Opening of identity ended"),
}
