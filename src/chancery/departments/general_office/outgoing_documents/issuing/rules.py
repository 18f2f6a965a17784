"""What must be so before a paper is signed, rechecked, numbered, sealed, released or cancelled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.terms import ISSUED, Outcome, State
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Stale, Verdict, no, yes

CIRCUIT = _("Regulations on the Handling of Official Documents (2012), art. 25")


class TextDiffers(Refused):
    """The text is not the one that was signed."""


class NotSigned(Refused):
    """There is no valid signature under the text."""


class Facts(Protocol):
    """What a rule reads of a document."""

    state: str
    number: str
    signed_hash: str
    drafter_person_id: int | None
    signed_person_id: int | None


# --- Signing --------------------------------------------------------------------------------------------------------
def may_sign(by: Actor, document: Facts, checkers: Collection[int]) -> Verdict:
    """A leader signs a text that is under way, once, and neither drafted nor checked it."""
    if document.state != State.UNDER_WAY:
        return no(_("Only a text that is under way is signed."), refusal=Stale)
    if not by.is_person:
        return no(_("Only a person signs."))
    if by.person_id == document.drafter_person_id:
        return no(_("You drafted this paper: another person signs it."), basis=str(CIRCUIT))
    if by.person_id in checkers:
        return no(_("You checked this paper: another person signs it."), basis=str(CIRCUIT))
    return yes()


def stands_as_signed(document: Facts, text_hash: str) -> Verdict:
    """The text bears a signature and is the very text that was signed."""
    if not document.signed_hash:
        return no(_("The text is not signed."), refusal=NotSigned, basis=str(CIRCUIT))
    if document.signed_hash != text_hash:
        return no(_("The text is not the one that was signed. It goes back to the signer first."), refusal=TextDiffers)
    return yes()


def may_pass_recheck(by: Actor, document: Facts, text_hash: str) -> Verdict:
    """The text passes the recheck as it was signed, and not through the signer."""
    if by.person_id is not None and by.person_id == document.signed_person_id:
        return no(_("You signed this paper: another person rechecks it."), basis=str(CIRCUIT))
    if not document.signed_hash or document.signed_hash != text_hash:
        return no(_("The text was changed since it was signed: it goes back to the signer."), refusal=TextDiffers)
    return yes()


def has_changed(document: Facts, text_hash: str) -> Verdict:
    """A paper goes back to the signer when something in it was changed."""
    if document.signed_hash and document.signed_hash == text_hash:
        return no(_("Nothing in the text has changed: it need not be signed again. Return it if it must be changed."))
    return yes()


# --- Numbering --------------------------------------------------------------------------------------------------------
def may_number(document: Facts, text_hash: str, *, is_rechecked: bool) -> Verdict:
    """A number comes after the signature and the recheck, and once."""
    if document.number:
        return no(_("The document has its number: %(number)s.") % {"number": document.number}, refusal=Stale)
    if document.state != State.SIGNED:
        return no(_("A document gets its number after it is signed."), refusal=NotSigned, basis=str(CIRCUIT))
    verdict = stands_as_signed(document, text_hash)
    if not verdict:
        return verdict
    if not is_rechecked:
        return no(_("A document gets its number after it is rechecked."), basis=str(CIRCUIT))
    return yes()


# --- Sealing, releasing, cancelling -----------------------------------------------------------------------------------
def may_seal(by: Actor, document: Facts, text_hash: str) -> Verdict:
    """A numbered paper is sealed as it was signed, and not by whoever signed it."""
    if document.state not in {State.NUMBERED, State.SEALED}:
        return no(_("Only a numbered paper is set and sealed."), refusal=Stale)
    if by.person_id is not None and by.person_id == document.signed_person_id:
        return no(_("You signed this paper: another person affixes the seal."), field="seal")
    return stands_as_signed(document, text_hash)


def may_release(by: Actor, document: Facts, text_hash: str, problems: Sequence[Any]) -> Verdict:
    """A sealed paper is released when nothing is wrong with it, by another than the drafter."""
    if document.state != State.SEALED:
        reason = _("The paper was released already.") if document.state in ISSUED else _("The paper is not sealed yet.")
        return no(reason, refusal=Stale)
    if by.person_id is not None and by.person_id == document.drafter_person_id:
        return no(_("You drafted this paper: another person releases it."))
    verdict = stands_as_signed(document, text_hash)
    if verdict and problems:
        return no(problems[0])
    return verdict


def may_cancel(document: Facts, reason: str) -> Verdict:
    """What has not been released can be cancelled, with a reason."""
    if document.state in ISSUED:
        return no(_("The paper was released: it can be corrected or withdrawn, not cancelled."))
    if document.state == State.CANCELLED:
        return no(_("The document is cancelled already."), refusal=Stale)
    if document.state == State.DRAFT:
        return no(_("A draft is discarded, not cancelled."))
    if not reason.strip():
        return no(_("Say why it is cancelled: a number stays visible with the reason."), field="opinion")
    return yes()


def may_go_back(document: Facts, step: str, order: Sequence[str]) -> Verdict:
    """A numbered paper does not go back before its number; a released or cancelled one stays what it is."""
    place = order.index(step) if step in order else len(order)
    if document.state == State.CANCELLED:
        return no(_("The document is cancelled: a new draft can be made from it."))
    if document.state in ISSUED:
        if place < order.index("dispatch"):
            return no(_("The paper was released: it can be corrected or withdrawn, not changed."))
        return yes()
    if document.number and place < order.index("number"):
        return no(
            _("The document has its number %(number)s: its text no longer changes. Cancel it and draft anew.")
            % {"number": document.number}
        )
    return yes()


def may_send_on(outcome: str, units: Collection[int], *, joint: Collection[int], drafting_unit: int) -> Verdict:
    """Whoever is named countersigns, and countersigning needs somebody; of a joint paper every issuer is asked."""
    if outcome == Outcome.REWORK:
        return yes()
    if drafting_unit in units:
        return no(_("The unit that drafts does not countersign its own paper."), field="countersign_units")
    if set(joint) - {drafting_unit} - set(units):
        return no(
            _("A joint paper is countersigned by every issuer beside the lead: name them."),
            field="countersign_units",
            basis=str(CIRCUIT),
        )
    if outcome == Outcome.PASS and units:
        return no(_("Units are named to countersign: send it to them, or take them off."), field="countersign_units")
    if outcome != Outcome.PASS and not units:
        return no(_("Name the units that countersign."), field="countersign_units")
    return yes()


def all_seals_on(*, is_sealed: bool, is_last: bool) -> Verdict:
    """The step ends when every issuer's seal is on; before that it goes to the next keeper."""
    if is_last and not is_sealed:
        return no(_("Other issuers' seals are still missing: pass the paper on to the next keeper."))
    if not is_last and is_sealed:
        return no(_("Every seal is on: the paper need not go to another keeper."))
    return yes()
