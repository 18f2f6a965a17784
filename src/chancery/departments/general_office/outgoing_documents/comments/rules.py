"""Who may comment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import EDITABLE, State
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes


def may_comment(by: Actor, document: OutgoingDocument) -> Verdict:
    """Whoever sees the paper, as long as its text may still change."""
    if not by.is_person:
        return no(_("Only people comment."))
    if document.state in EDITABLE or document.state == State.SIGNED:
        return yes()
    return no(_("The text stands: there is nothing left to comment on."))
