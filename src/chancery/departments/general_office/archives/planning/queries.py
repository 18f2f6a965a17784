"""The plan on its matter's page."""

from __future__ import annotations

from typing import Any

from chancery.foundations.actor import Actor
from chancery.kernel.records.fileplan.comparing.queries import compare, shortened
from chancery.kernel.records.fileplan.models import FilePlan


def plan_id(matter: Any) -> int:
    """The version a matter is about."""
    return int(matter.subject.rpartition(":")[2])


def panel(matter: Any, by: Actor) -> dict[str, Any]:
    """What is to be decided: the version, how much it changes, and which periods it shortens."""
    plan = FilePlan.objects.select_related("fonds", "based_on", "made_person").get(pk=plan_id(matter))
    earlier = plan.based_on
    return {
        "plan": plan,
        "earlier": earlier,
        "changes": len([line for line in compare(earlier, plan) if line.changes]) if earlier else 0,
        "shortened": shortened(earlier, plan) if earlier else [],
    }
