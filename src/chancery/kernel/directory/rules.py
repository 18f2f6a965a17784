"""Who may edit the directory, and the database's own refusals put into words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from django.db import DataError, IntegrityError
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Stale, Verdict, no, yes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EditorCheck = Callable[[Actor, "int | None"], Verdict]


class NotAnEditor(Refused):
    """The actor does not keep this part of the directory."""


class BrokenLaw(Refused):
    """The database refused; `law` names its constraint."""

    law: str = ""


class ChangedMeanwhile(Stale):
    """Somebody else changed the same thing after the form was opened."""


def _nobody(by: Actor, unit_id: int | None) -> Verdict:
    return no(_("Only a directory editor may change the directory."), refusal=NotAnEditor)


_check: list[EditorCheck] = [_nobody]


def register_editor_check(check: EditorCheck) -> None:
    """Say who edits. `kernel.access` lies above and registers its answer (role `directory_editor` over the unit)."""
    _check[0] = check


def may_edit(by: Actor, unit_id: int | None) -> Verdict:
    """The system, or a person for whom the registered check allows it. `unit_id` None: the directory as a whole."""
    if by.is_system:
        return yes()
    if not by.is_person:
        return _nobody(by, unit_id)
    return _check[0](by, unit_id)


def is_editor(by: Actor) -> Verdict:
    """For doors: the actor edits the directory as a whole, or at least their own unit."""
    whole = may_edit(by, None)
    return whole if whole or by.body_id is None else may_edit(by, by.body_id)


def may_date_back(on: dt.date, today: dt.date, decision: str, reason: str) -> Verdict:
    """A change dated before today rests on a decision, or says why."""
    if on >= today or decision.strip() or reason.strip():
        return yes()
    return no(_("A change dated before today needs its decision, or a reason."), field="decision")


def gives_reason(reason: str) -> Verdict:
    """A correction of history says why."""
    return yes() if reason.strip() else no(_("Say why the record is corrected."), field="reason")


def has_not_moved_on(seen: int | None, stamp: int) -> Verdict:
    """What the form was opened on still stands. `seen` None: the caller did not look."""
    if seen is None or seen == stamp:
        return yes()
    return no(law_of("directory_row_changed_meanwhile"), refusal=ChangedMeanwhile)


# The field is the one a form shows the sentence beside.
_LAW: dict[str, tuple[StrOrPromise, str | None]] = {
    "directory_unit_code_key": (_("Another unit has this code."), "code"),
    "directory_post_code": (_("The unit already has a post of this code."), "code"),
    "directory_person_code_key": (_("Another person has this code."), "code"),
    "directory_unit_life": (_("The end must come after the start."), "on"),
    "directory_unitterm_range": (_("The end must come after the start."), "on"),
    "directory_post_life": (_("The end must come after the start."), "on"),
    "directory_postterm_range": (_("The end must come after the start."), "on"),
    "directory_holding_range": (_("The end must come after the start."), "until"),
    "directory_contact_range": (_("The end must come after the start."), "until"),
    "directory_unitterm_one_at_a_time": (_("The unit already has other facts for those days."), "on"),
    "directory_unitterm_not_its_own_parent": (_("A unit cannot stand under itself."), "parent"),
    "directory_unitterm_not_led_by_itself": (_("A unit cannot be led by itself."), "led_by"),
    "directory_tree_has_no_cycle": (_("A unit cannot stand under itself, nor under a unit below it."), "parent"),
    "directory_tree_is_not_too_deep": (_("The tree has at most 40 storeys."), "parent"),
    "directory_leading_has_no_cycle": (_("Two units cannot lead each other."), "led_by"),
    "directory_unitterm_within_life": (_("The unit does not exist on some of those days."), "on"),
    "directory_parent_lives": (_("The unit above, or leading, does not exist on some of those days."), "parent"),
    "directory_post_in_living_unit": (
        _("A post cannot stand in a unit that does not exist on some of those days."),
        "on",
    ),
    "directory_postterm_one_at_a_time": (_("The post already has other facts for those days."), "on"),
    "directory_postterm_within_life": (_("The post does not exist on some of those days."), "on"),
    "directory_postterm_has_a_seat": (_("A post has at least one seat."), "seats"),
    "directory_holding_within_post": (_("The post does not exist on some of those days."), "on"),
    "directory_holding_seat_exists": (_("The post has fewer seats than that on some of those days."), "seat"),
    "directory_holding_seat_counts_from_one": (_("Seats count from one."), "seat"),
    "directory_holding_one_holder_a_seat": (_("Somebody else holds that seat on some of those days."), "seat"),
    "directory_holding_one_acting_a_seat": (_("Somebody else acts in that seat on some of those days."), "seat"),
    "directory_holding_once_at_a_time": (_("The person already holds this post on some of those days."), "person"),
    "directory_holding_name_protected": (
        _("The person's name is protected: it cannot stand in the public directory."),
        "person",
    ),
    "directory_contact_has_one_owner": (_("A contact belongs to one unit, post or person."), None),
    "directory_contact_private_is_never_public": (_("A private line cannot stand on the public page."), "is_public"),
    "directory_correction_has_a_reason": (_("Say why the record is corrected."), "reason"),
    "directory_row_changed_meanwhile": (
        _("Somebody changed this after you opened the form. Look again, then decide."),
        None,
    ),
}


@contextmanager
def law_in_words() -> Iterator[None]:
    """Turn a constraint the database enforces into the refusal it stands for, with the field at fault."""
    try:
        yield
    except (IntegrityError, DataError) as error:
        cause = error.__cause__
        name = (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""
        if name == "directory_row_changed_meanwhile":
            raise ChangedMeanwhile(law_of(name)) from error
        if isinstance(cause, psycopg.errors.DataException) and not name:
            raise Refused(_("The end must come after the start."), field="until") from error
        if name not in _LAW:
            raise
        sentence, field = _LAW[name]
        refusal = BrokenLaw(sentence, field=field)
        refusal.law = name
        raise refusal from error


def law_of(name: str) -> StrOrPromise:
    """The sentence that stands for a named constraint."""
    return _LAW[name][0]


def every_law() -> frozenset[str]:
    """The names of all constraints put into words here."""
    return frozenset(_LAW)
