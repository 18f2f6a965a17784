"""Who receives, registers, reads, adds; which state follows which; how long and how many."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.terms import (
    CUSTODIAN,
    ENDED_STATES,
    EVERY_ROLE,
    FOLLOWS,
    LONGEST_TITLE,
    OFFICER,
    REGISTRAR,
    Clearance,
    Scan,
    State,
)
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access import rules as access_rules
from chancery.kernel.access.queries import roles_of

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.models import Petition, PetitionFile

_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!][^>]*>")
_CONTROL = {"Cc", "Cs", "Co", "Cn"}
NUMBERED = frozenset({"REGISTERED", "ACCEPTED", "NOT_ACCEPTED", "TRANSFERRED", "UNDER_WAY", "ANSWERED", "FINAL"})


class NoSuchPetition(Refused):
    """The petition does not exist for the actor; pages answer 404."""


class WrongState(Refused):
    """The petition is not where this can be done."""


class HasMarkup(Refused):
    """A text carries markup."""


class NotCleared(Refused):
    """The file is withheld."""


def takes_part(by: Actor) -> Verdict:
    """Anyone with a part in letters and visits."""
    if by.is_system or set(roles_of(by)) & set(EVERY_ROLE):
        return yes()
    return no(_("Letters and visits are handled by those who have a part in them."))


def may_register(by: Actor, unit_id: int | None = None) -> Verdict:
    """A registrar of petitions."""
    return access_rules.holds_role(by, REGISTRAR, unit_id)


def may_hold(by: Actor, unit_id: int | None = None) -> Verdict:
    """A custodian of identity."""
    return access_rules.holds_role(by, CUSTODIAN, unit_id)


def may_decide(by: Actor, unit_id: int | None = None) -> Verdict:
    """An officer: accepts, transfers, assigns."""
    return access_rules.holds_role(by, OFFICER, unit_id)


def may_receive(by: Actor) -> Verdict:
    """The public at its own door, the system, and registrars for what comes by other ways."""
    return yes() if not by.is_person or by.is_system else may_register(by)


def is_told(request: str, longest: int, texts: Mapping[str, str]) -> Verdict:
    """A petition asks something; no text is longer than allowed or carries markup or control characters."""
    if not request.strip():
        return no(_("Say what you ask for."), field="request")
    for field, text in texts.items():
        if not (verdict := is_plain(text, longest, field=field)):
            return verdict
    return yes()


def is_plain(text: str, longest: int, *, field: str = "text") -> Verdict:
    """Plain text of a bearable length."""
    if len(text) > longest:
        return no(
            _("This is longer than the %(longest)s characters that are taken. Attach the rest as a file.")
            % {"longest": longest},
            field=field,
        )
    if _MARKUP.search(text):
        return no(_("Write plain text: signs like <a> are not taken."), field=field, refusal=HasMarkup)
    if any(unicodedata.category(char) in _CONTROL for char in text if char not in "\t\r\n"):
        return no(_("The text carries signs that cannot be shown. Type it again, or attach it as a file."), field=field)
    return yes()


def are_few(files: int, most: int) -> Verdict:
    """No more attachments than allowed."""
    if files > most:
        return no(_("At most %(most)s attachments are taken with one petition.") % {"most": most}, field="files")
    return yes()


def is_group(size: int) -> Verdict:
    """At least one person."""
    return yes() if size >= 1 else no(_("At least one person petitions."), field="group_size")


def is_title(title: str) -> Verdict:
    """A neutral summary of the office's own."""
    if not title.strip():
        return no(_("Give a short neutral title: the matter, never the sender's name."), field="title")
    if len(title.strip()) > LONGEST_TITLE:
        return no(_("A title has at most %(most)s characters.") % {"most": LONGEST_TITLE}, field="title")
    return yes()


def may_go(petition: Petition, state: str) -> Verdict:
    """By the table of what follows what."""
    if petition.state == state:
        return no(_("It is there already."), refusal=WrongState)
    if state in FOLLOWS[petition.state] and (state not in NUMBERED or petition.number or state == State.REGISTERED):
        return yes()
    words = {"from": petition.get_state_display(), "to": State(state).label}
    if petition.state == State.FINAL:
        return no(
            _("It was closed for good after re-review: the same facts are not handled again."), refusal=WrongState
        )
    return no(_("A petition that is “%(from)s” cannot become “%(to)s”.") % words, refusal=WrongState)


def may_be_added_to(petition: Petition) -> Verdict:
    """While it, or the one it is handled with, is not over."""
    if petition.leads.state in ENDED_STATES:
        return no(_("This petition is closed; nothing is added to it any more."), refusal=WrongState)
    return yes()


def not_the_subject(by: Actor, petition: Petition) -> Verdict:
    """Nobody handles what is about them, or about the unit they work in if it is an accusation."""
    if by.person_id is not None and by.person_id == petition.subject_person_id:
        return no(_("This petition is about you: others handle it."), refusal=access_rules.IsRecused)
    return yes()


def may_examine(by: Actor, file: PetitionFile, unit_id: int) -> Verdict:
    """A cleared file: all who see the petition. A withheld one: the custodian; the registrar when no identity was found
    in it. What its sender was sent or handed in as the office's own is no secret to the office."""
    if file.clearance == Clearance.CLEARED:
        return yes()
    if access_rules.holds_role(by, CUSTODIAN, unit_id):
        return yes()
    if file.scan == Scan.CLEAN and access_rules.holds_role(by, REGISTRAR, unit_id):
        return yes()
    return no(
        _("This file is withheld until somebody has made sure that it does not tell who petitions."), refusal=NotCleared
    )


def may_clear(by: Actor, file: PetitionFile, unit_id: int) -> Verdict:
    """Whoever may look at it, once."""
    if file.clearance != Clearance.WITHHELD:
        return no(_("This was decided already."), refusal=WrongState)
    return may_examine(by, file, unit_id)


def may_replace(by: Actor, file: PetitionFile, unit_id: int) -> Verdict:
    """A custodian, or a registrar, who may have the paper itself in hand."""
    if file.clearance != Clearance.WITHHELD:
        return no(_("This was decided already."), refusal=WrongState)
    if may_hold(by, unit_id) or may_register(by, unit_id):
        return yes()
    return no(_("Registrars and custodians put redacted copies in the place of files."))


def keeps_out(units: Collection[int], keepers: Collection[int]) -> set[int]:
    """The units whose people are kept from an accusation: not those to whom the keepers of petitions belong, or nobody
    would be left; there the person complained of is kept out."""
    return set(units) - set(keepers)
