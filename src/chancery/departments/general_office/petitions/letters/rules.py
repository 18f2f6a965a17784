"""Who writes which letter, and when; what no letter says."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.letters.terms import TO_SENDER, LetterKind
from chancery.departments.general_office.petitions.rules import WrongState
from chancery.departments.general_office.petitions.terms import HANDLER, OFFICER, REREVIEWER, REVIEWER
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access.queries import roles_of

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.letters.models import PetitionLetter

WRITERS = {
    LetterKind.OPINION: {OFFICER, HANDLER},
    LetterKind.EXTENSION: {OFFICER, HANDLER, REVIEWER, REREVIEWER},
    LetterKind.REVIEW_OPINION: {OFFICER, REVIEWER},
    LetterKind.RE_REVIEW_OPINION: {OFFICER, REREVIEWER},
}


class TellsWho(Refused):
    """A letter tells who petitions."""


class AlreadyBegun(Refused):
    """The letter is there."""


def writes_letters(by: Actor) -> Verdict:
    """Whoever accepts, handles or reviews petitions; which one, its guard decides."""
    if set(roles_of(by)) & {OFFICER, HANDLER, REVIEWER, REREVIEWER}:
        return yes()
    return no(_("Letters are written by those who accept, handle or review the petition."))


def may_write(by: Actor, kind: str, offered: Collection[str], begun: Collection[str]) -> Verdict:
    """One of those whose part it is, when there is something to tell, once."""
    if not set(roles_of(by)) & WRITERS.get(LetterKind(kind), {OFFICER}):
        return no(_("This letter is written by those whose part it is."))
    if kind in offered:
        return yes()
    if kind in begun:
        return no(_("This letter was begun already."), refusal=AlreadyBegun)
    return no(_("There is nothing yet that this letter could tell."), refusal=WrongState)


def is_nameless(*, tells: bool) -> Verdict:
    """The sender is named on the cover alone."""
    if tells:
        return no(
            _("This letter tells who petitions. Write “the sender”; the name comes onto the cover when it is printed."),
            field="body",
            refusal=TellsWho,
        )
    return yes()


def may_print_cover(letter: PetitionLetter, *, is_issued: bool) -> Verdict:
    """Of a letter to the sender that has been issued."""
    if letter.kind not in TO_SENDER:
        return no(_("This letter goes to a body: it has no cover with the sender's name."), refusal=WrongState)
    if not is_issued:
        return no(_("The letter is not issued yet."), refusal=WrongState)
    return yes()
