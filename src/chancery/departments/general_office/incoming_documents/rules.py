"""Who may do what with an incoming document, and when. Pure: facts in, a verdict out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.incoming_documents.terms import Fault, Outcome, State, Urgency
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no, yes
from chancery.kernel.records.archive.terms import Hindrance

# The rules on handling official documents: registration, first check, one lead, limits, chasers.
BASIS = "《党政机关公文处理工作条例》(2012) 第二十四条"


class Duplicate(Refused):
    """This sender, number and year are registered already. `document_id` only when the actor may see it."""

    def __init__(self, reason: Any, *, document_id: int | None = None, number: str = "") -> None:
        super().__init__(reason, field="sender_number")
        self.document_id = document_id
        self.number = number


class FirstCheckSkipped(Refused):
    """A step after the first check was tried before it."""


class OutsideTheList(Refused):
    """The post is not on the circulation list."""


class NoLead(Refused):
    """Several units and none of them leads."""


class Facts(Protocol):
    """What registration looks at: the document's own fields."""

    state: str
    title: str
    sender: str
    urgency: str
    limit_on: dt.date | None
    received_on: dt.date | None
    dated_on: dt.date | None
    is_important: bool
    chaser_id: int | None


def may_sign_for(document: Facts) -> Verdict:
    """Only a draft is signed for, and once it says what came."""
    if document.state != State.DRAFT:
        return no(_("This document has been signed for already."))
    if not document.title.strip():
        return no(_("Write at least a title before you sign for it."), field="title")
    return yes()


def may_register(document: Facts, today: dt.date) -> Verdict:
    """Once, with sender, title and day of receipt; urgent ones with a limit, important ones with a chaser."""
    if document.state not in {State.DRAFT, State.SIGNED}:
        return no(_("This document is registered already."))
    return first_refusal(
        _present(document.title, "title", _("A document is registered under its title.")),
        _present(document.sender, "sender", _("Name the sender.")),
        _dates(document, today),
        has_limit(document),
        has_chaser(document),
    )


def _present(text: str, field: str, reason: Any) -> Verdict:
    return yes() if text.strip() else no(reason, field=field)


def _dates(document: Facts, today: dt.date) -> Verdict:
    received = document.received_on
    if received is None:
        return no(_("Say on which day it was received."), field="received_on")
    if received > today:
        return no(_("It cannot have been received in the future."), field="received_on")
    if document.dated_on and document.dated_on > received:
        return no(_("A document cannot be dated after it was received."), field="dated_on")
    return yes()


def has_limit(document: Facts) -> Verdict:
    """Urgent papers need a limit that is not over before it begins."""
    if document.urgency != Urgency.ROUTINE and document.limit_on is None:
        return no(
            _("An urgent document needs a limit: say by which day it must be done."), field="limit_on", basis=BASIS
        )
    if document.limit_on and document.received_on and document.limit_on < document.received_on:
        return no(_("The limit lies before the day of receipt."), field="limit_on")
    return yes()


def has_chaser(document: Facts) -> Verdict:
    """Important papers need a named chaser."""
    if document.is_important and not document.chaser_id:
        return no(_("An important document needs a named chaser: choose who urges it."), field="chaser", basis=BASIS)
    return yes()


def may_edit(document: Facts) -> Verdict:
    """The facts of registration stand once it is registered; corrections go through the first check or a return."""
    if document.state in {State.DRAFT, State.SIGNED}:
        return yes()
    return no(_("A registered document is not edited. Return the matter to registration if a fact is wrong."))


def may_discard(document: Facts) -> Verdict:
    """Only a draft can be thrown away: nothing that was signed for disappears."""
    if document.state == State.DRAFT:
        return yes()
    return no(_("Only a draft can be discarded. What was signed for stays in the register."))


def was_first_checked(steps_done: Collection[str]) -> Verdict:
    """Nothing is proposed, handled, circulated or filed before the first check."""
    if "first_check" in steps_done:
        return yes()
    return no(_("The document has not passed its first check."), refusal=FirstCheckSkipped, basis=BASIS)


def may_propose(outcome: str, data: Mapping[str, Any]) -> Verdict:
    """A proposal names one lead; co-units stand beside a lead, never alone or twice; reading only needs readers."""
    lead = data.get("lead_unit")
    co_units = _ids(data.get("co_units"))
    if outcome == Outcome.READ_ONLY:
        if not _ids(data.get("readers")):
            return no(_("For reading only: list at least one reader."), field="readers")
        if lead or co_units:
            return no(_("A document for reading only has no handling units."), field="lead_unit")
        return yes()
    if outcome == Outcome.TO_LEADER and not _ids(data.get("leaders")):
        return no(_("Choose the leader it is submitted to."), field="leaders")
    if not lead:
        if co_units:
            return no(
                _("Two or more units handle it: name one of them as the lead."),
                field="lead_unit",
                basis=BASIS,
                refusal=NoLead,
            )
        return no(_("Name the unit that handles it."), field="lead_unit", refusal=NoLead)
    if _id(lead) in co_units:
        return no(_("The lead unit is not also a co-unit."), field="co_units")
    return yes()


def _id(value: Any) -> int:
    return int(getattr(value, "pk", value))


def _ids(values: Any) -> Sequence[int]:
    return [_id(value) for value in values or ()]


def may_circulate_to(post_id: int, listed: Collection[int]) -> Verdict:
    """A document goes only to posts on its list."""
    if post_id in listed:
        return yes()
    return no(
        _("That post is not on the circulation list. The head of the office can add it to the list."),
        refusal=OutsideTheList,
    )


def may_send_back(reasons: Sequence[str], text: str) -> Verdict:
    """A paper goes back with reasons, never without."""
    if not reasons:
        return no(_("Choose at least one ground for returning it."), field="faults")
    if "OTHER" in reasons and not text.strip():
        return no(_("Write the other reason out."), field="reason")
    return yes()


def may_file(file_class: str, retention: str, hindrances: Sequence[Hindrance] = ()) -> Verdict:
    """Filed under a class with a retention period, once nothing hinders."""
    if hindrances:
        return no(
            _("This cannot be filed yet. %(what)s") % {"what": " ".join(str(one.text) for one in hindrances)},
            field=next((one.field for one in hindrances if one.field), None),
        )
    if not file_class:
        return no(_("Choose the class it is filed under."), field="file_class")
    if not retention:
        return no(_("Choose how long it is kept."), field="retention")
    return yes()


def fault_words(fault: str) -> Any:
    """The words of a ground for returning."""
    return Fault(fault).label
