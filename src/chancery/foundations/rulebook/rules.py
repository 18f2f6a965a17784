"""Who may edit the rulebook, and which edits make sense."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.rulebook.models import Provision
from chancery.foundations.verdict import Verdict, no, yes


def may_amend(by: Actor, *, basis_en: str, basis_zh: str, reason: str) -> Verdict:
    """A person (or the loader) may amend with a basis in both languages and a reason.

    Whether the person holds the role `rulebook_editor` is asked at the door: roles belong to kernel.access.
    """
    if not (by.is_person or by.is_system):
        return no(_("Only someone signed in may edit the rulebook."))
    if not basis_en.strip() or not basis_zh.strip():
        field = "basis_zh" if basis_en.strip() else "basis_en"
        return no(_("Name the rule the value rests on, in both languages."), field=field)
    if not reason.strip():
        return no(_("Say why the value changes; the reason goes into the journal."), field="reason")
    return yes()


def may_end(by: Actor, provision: Provision, *, last_day: dt.date, reason: str) -> Verdict:
    """A provision that holds may be ended on a day of its own period, with a reason."""
    if not (by.is_person or by.is_system):
        return no(_("Only someone signed in may edit the rulebook."))
    if provision.withdrawn_at is not None:
        return no(_("This provision was withdrawn; it cannot be ended again."))
    if last_day < provision.valid_from:
        return no(_("The last day lies before the first; correct the provision instead."), field="valid_to")
    if provision.valid_to is not None and last_day >= provision.valid_to:
        return no(_("The provision already ends by that day."), field="valid_to")
    if not reason.strip():
        return no(_("Say why the value changes; the reason goes into the journal."), field="reason")
    return yes()
