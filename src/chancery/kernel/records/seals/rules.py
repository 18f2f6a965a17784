"""Who keeps the register of seals, and when a seal may be put on a paper."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access import rules as access
from chancery.kernel.access.roles.queries import acting_post_for
from chancery.kernel.access.terms import HEAD, REGISTRAR
from chancery.kernel.records.seals.terms import SEAL_REGISTRAR, SealState

if TYPE_CHECKING:
    from chancery.kernel.records.seals.models import Seal

BASIS_APPROVAL = _("State Council rules on seals (1999), art. 24")
BASIS_PUT_AWAY = _("State Council rules on seals (1999), art. 25")
_HASH = re.compile(r"^[0-9a-f]{64}$")


class SealRefused(Refused):
    """The seal is not put on."""


class TextChanged(SealRefused):
    """The text to be sealed is not the text that was approved."""


class NotKeeper(SealRefused):
    """Somebody else keeps the seal."""


class KeeperIsApprover(SealRefused):
    """Who approved a paper does not seal it."""


class SealNotInUse(SealRefused):
    """The seal, or its body, is not there on the day."""


def may_keep_register(by: Actor, unit_id: int | None = None) -> Verdict:
    """The unit's head or registrar, or the seal registrar of the house (`unit_id` None: of any unit)."""
    if any(access.holds_role(by, role, unit_id) for role in (SEAL_REGISTRAR, REGISTRAR, HEAD)):
        return yes()
    return no(_("Seals are registered and put away by the unit's head or registrar, or by the seal registrar."))


def may_enter_register(by: Actor) -> Verdict:
    """For the door of the pages that change the register."""
    if not (by.is_person and by.post_id):
        return no(_("Choose the post you act in first."))
    return may_keep_register(by)


def gives_reason(reason: str) -> Verdict:
    """Every change of the register says why."""
    return yes() if reason.strip() else no(_("Say why: it stays in the register."), field="reason")


def is_in_use(seal: Seal) -> Verdict:
    """A seal that was put away is not changed any more."""
    if seal.state == SealState.ACTIVE:
        return yes()
    return no(_("This seal was put away and stays so."), basis=str(BASIS_PUT_AWAY), refusal=SealNotInUse)


def may_put_away_on(seal: Seal, on: dt.date, today: dt.date, last_use: dt.date | None) -> Verdict:
    """Not in the future, not before the seal began, not before it was last used."""
    if on > today:
        return no(_("A seal is put away today or on a day past, not in the future."), field="on")
    if on < seal.valid_from:
        return no(_("The seal was not in use yet on that day."), field="on")
    if last_use is not None and on < last_use:
        return no(_("The seal was used after that day, on %(day)s.") % {"day": last_use.isoformat()}, field="on")
    return yes()


def is_approved_text(text_hash: str, approved_hash: str) -> Verdict:
    """What is sealed is what was approved, letter by letter."""
    if not _HASH.match(approved_hash):
        return no(
            _("Nothing was approved yet: a seal is put on only after the leader has approved the paper."),
            field="text",
            basis=str(BASIS_APPROVAL),
            refusal=TextChanged,
        )
    if text_hash != approved_hash:
        return no(
            _("The text was changed after it was approved: it goes back to who approved it."),
            field="text",
            basis=str(BASIS_APPROVAL),
            refusal=TextChanged,
        )
    return yes()


def is_kept_by(by: Actor, keeper_post_id: int) -> Verdict:
    """The keeper, or who stands in for all of the keeper's work today."""
    if by.is_person and acting_post_for(by, post_id=keeper_post_id) is not None:
        return yes()
    return no(
        _("Only the keeper of the seal puts it on, or the keeper's deputy during an absence."),
        field="seal",
        basis=str(BASIS_APPROVAL),
        refusal=NotKeeper,
    )


def is_not_approver(by: Actor, approver_person_id: int | None) -> Verdict:
    """By person, whichever hat: the keeper does not seal what they approved themselves."""
    if approver_person_id is None:
        return no(
            _("Nobody has approved this paper."), field="approver", basis=str(BASIS_APPROVAL), refusal=KeeperIsApprover
        )
    if by.person_id == approver_person_id:
        return no(
            _("You approved this paper yourself: another person must put the seal on, whichever post you act in."),
            field="approver",
            basis=str(BASIS_APPROVAL),
            refusal=KeeperIsApprover,
        )
    return yes()


def may_be_used_on(seal: Seal, on: dt.date, *, unit_is_there: bool) -> Verdict:
    """The seal is in use and valid on the day, and its body exists on it."""
    if seal.state != SealState.ACTIVE:
        words = (
            _("This seal was sealed up on %(day)s and cannot be used.")
            if seal.state == SealState.SEALED_UP
            else _("This seal was retired on %(day)s and cannot be used.")
        )
        day = seal.state_on.isoformat() if seal.state_on else ""
        return no(words % {"day": day}, field="seal", basis=str(BASIS_PUT_AWAY), refusal=SealNotInUse)
    if on < seal.valid_from:
        return no(
            _("This seal is valid only from %(day)s.") % {"day": seal.valid_from.isoformat()},
            field="seal",
            refusal=SealNotInUse,
        )
    if seal.valid_to is not None and on > seal.valid_to:
        return no(
            _("This seal was valid until %(day)s.") % {"day": seal.valid_to.isoformat()},
            field="seal",
            refusal=SealNotInUse,
        )
    if not unit_is_there:
        return no(
            _("The body of this seal does not exist on that day: the seal is to be sealed up."),
            field="seal",
            basis=str(BASIS_PUT_AWAY),
            refusal=SealNotInUse,
        )
    return yes()


def has_witness_other_than(keeper_person_id: int | None, witness_person_id: int | None) -> Verdict:
    """A witness is somebody else."""
    if witness_person_id is not None and witness_person_id == keeper_person_id:
        return no(_("The witness is another person than the keeper."), field="witness")
    return yes()
