"""Who may correct and withdraw what was issued. Pure: facts in, a verdict out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.correction.terms import WithdrawalState
from chancery.departments.general_office.outgoing_documents.terms import State
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Stale, Verdict, no, yes

# A paper that is withdrawn counts as never in force; one that is abolished no longer does from that day.
BASIS = "《党政机关公文处理工作条例》(2012) 第三十五条"


def may_correct(state: str) -> Verdict:
    """What went out is corrected by a new paper; what did not is edited."""
    if state == State.RELEASED:
        return yes()
    if state == State.WITHDRAWN:
        return no(_("A withdrawn document is not corrected."))
    return no(_("Only a released document is corrected by another; edit the draft instead."))


def may_ask(state: str, reason: str, *, has_part: bool) -> Verdict:
    """Whoever drafted it, registers, or heads the office or the unit; with the reason."""
    if state == State.WITHDRAWN:
        return no(_("This document was withdrawn already."), refusal=Stale)
    if state != State.RELEASED:
        return no(_("Only a released document is withdrawn; cancel the draft instead."))
    if not has_part:
        return no(
            _("A withdrawal is asked for by whoever drafted the document, by its unit's head or by the registry.")
        )
    if not reason.strip():
        return no(_("Say why it is withdrawn: its recipients are told."), field="reason", basis=BASIS)
    return yes()


def may_decide(by: Actor, *, state: str, asked_person_id: int, is_at_signers_level: bool) -> Verdict:
    """Another person than the one who asked, at the level that signed."""
    if state != WithdrawalState.ASKED:
        return no(_("This withdrawal was decided already."), refusal=Stale)
    if by.person_id == asked_person_id:
        return no(_("Who asks for a withdrawal does not confirm it: somebody else at the signer's level does."))
    if not is_at_signers_level:
        return no(_("A withdrawal is confirmed at the level that signed the document."), basis=BASIS)
    return yes()
