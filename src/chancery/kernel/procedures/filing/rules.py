"""Who files a matter."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access import rules as access
from chancery.kernel.procedures.matters import rules as matters
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.matters.terms import MatterState


def may_file(by: Actor, matter: Matter, filing_themselves: Collection[str]) -> Verdict:
    """A closed matter, by its opener, those who oversee its unit, and the archivist; once."""
    if matter.procedure in filing_themselves:
        return no(_("The documents of this procedure are filed in its last step."))
    if matter.state != MatterState.CLOSED:
        return no(_("The matter is not closed yet."))
    if matters.may_end(by, matter) or access.holds_role(by, "archivist", matter.unit_id):
        return yes()
    return no(_("A matter is filed by whoever opened it, those who oversee its unit, and the archivist."))
