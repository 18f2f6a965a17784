"""Who files a petition; what is never opened again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.rules import WrongState, may_decide, may_register
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes


def may_file(by: Actor, unit_id: int | None = None) -> Verdict:
    """Registrars and officers of petitions."""
    return yes() if may_register(by, unit_id) or may_decide(by, unit_id) else no(
        _("Petitions are filed by their registrars and officers.")
    )  # fmt: skip


def may_open_again(*, is_destroyed: bool) -> Verdict:
    """What was destroyed by the schedule is not handled again: nothing of it is left."""
    if is_destroyed:
        return no(
            _("This petition was destroyed when its period had run out: it cannot be opened again."), refusal=WrongState
        )
    return yes()
