"""What may be saved."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.records.search.saved.terms import Notify
from chancery.kernel.records.search.terms import question


def may_save(by: Actor, q: str, already: int, most: int) -> Verdict:
    """Somebody, something that can be looked for, not too many."""
    if not by.is_person or by.person_id is None or by.account_id is None:
        return no(_("Sign in as a person to save searches."))
    if question(q) is None:
        return no(_("There is nothing in this question that can be looked for."), field="q")
    if already >= most:
        return no(
            _("You have %(most)s saved searches; delete one that you no longer need.") % {"most": most}, field="name"
        )
    return yes()


def may_notify(notify: str, *, is_too_much: bool, cap: int) -> Verdict:
    """A notice is for a question that finds a set one can know: beyond it, old could not be told from new."""
    if notify != Notify.NEVER and is_too_much:
        return no(
            _("This finds more than %(cap)s things. Narrow it down before asking for notices.") % {"cap": cap},
            field="notify",
        )
    return yes()
