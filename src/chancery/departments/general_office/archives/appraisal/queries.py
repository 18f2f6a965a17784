"""What the pages show of a list, and what the item page shows of holds, lists and certificates."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.appraisal.terms import DECISION_SUBJECT, LIST_SUBJECT, STATE_TONES
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.words import words
from chancery.kernel.access import rules as access
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import LIVE
from chancery.kernel.records.disposal import queries as disposal
from chancery.kernel.records.disposal import rules as disposal_rules
from chancery.kernel.records.disposal.destruction.services import confirmed_by
from chancery.kernel.records.disposal.models import AppraisalList, AppraisalRow
from chancery.kernel.records.disposal.terms import ARCHIVIST, SUPERVISOR, ActKind, ListState, Verdict
from chancery.kernel.records.holds import queries as holds
from chancery.kernel.records.holds.terms import HOLD_KEEPER, HoldKind


def list_id_of(matter: Any) -> int:
    """The list a matter is about."""
    return int(str(matter.subject).removeprefix(LIST_SUBJECT.format("")))


def decision_id_of(matter: Any) -> int:
    """The asking for a shorter period that a matter is about."""
    return int(str(matter.subject).removeprefix(DECISION_SUBJECT.format("")))


def item_of(item_id: int) -> ArchivalItem | None:
    """The item, with what its period hangs on."""
    return ArchivalItem.objects.select_related("fonds", "plan_class").filter(pk=item_id).first()


def facts_of(of: AppraisalList) -> list[tuple[Any, ...]]:
    """The particulars of a list."""
    figures = disposal.figures(of.pk)
    facts: list[tuple[Any, ...]] = [
        (_("Fonds"), f"{of.fonds.code} {words(of.fonds)}"),
        (_("Run out before"), of.cut_off.isoformat()),
        (_("Drawn up by"), words(of.made_person) if of.made_person else ""),
        (_("Drawn up on"), timezone.localtime(of.made_at).date().isoformat()),
        (_("Items"), figures["total"]),
        (_("Without a verdict"), figures.get("", 0)),
        *((str(one.label), figures[one]) for one in Verdict if one in figures),
    ]
    if of.approved_at:
        facts.append((_("Approved on"), timezone.localtime(of.approved_at).date().isoformat()))
        facts.append((_("Frozen by its hash"), of.frozen_hash[:16] + "…"))
    if of.note:
        facts.append((_("Note"), of.note))
    return facts


def totals_of(list_id: int) -> list[dict[str, Any]]:
    """Class, year, verdict → how many: what those who decide look at first."""
    rows = AppraisalRow.objects.filter(list_id=list_id).order_by("class_code", "year", "verdict")
    found = rows.values("class_code", "year", "verdict").annotate(many=Count("pk"))
    return [{**row, "words": Verdict(row["verdict"]).label if row["verdict"] else "—"} for row in found]


def standing_of(of: AppraisalList, by: Actor) -> dict[str, Any]:
    """Where the carrying-out stands: who has confirmed, what is held, what remains."""
    at = clock.now()
    to_destroy = disposal.to_destroy(of.pk)
    names = disposal.acts(of.pk)
    who = {one["person_id"]: one for one in names}
    is_approved = of.state == ListState.APPROVED
    confirmed = {
        act: who.get(confirmed_by(of, act, at)) if is_approved else None
        for act in (ActKind.DESTROYER, ActKind.SUPERVISOR)
    }
    return {
        "to_destroy": len(to_destroy),
        "to_set": disposal.to_set(of.pk) if is_approved else 0,
        "held": len(holds.held(to_destroy)) if is_approved else 0,
        "destroyer": confirmed[ActKind.DESTROYER],
        "supervisor": confirmed[ActKind.SUPERVISOR],
        "may_carry_out": is_approved and bool(disposal_rules.may_draw_up(by, of.fonds.keeper_unit_id)),
        "may_destroy": is_approved and bool(access.holds_role(by, ARCHIVIST, of.fonds.keeper_unit_id)),
        "may_stand_by": is_approved and bool(access.holds_role(by, SUPERVISOR, of.fonds.keeper_unit_id)),
        "what": disposal.destruction_fingerprint(of.pk) if is_approved else "",
        "certificate": disposal.certificate_of_list(of.pk),
    }


def panel(matter: Any, by: Actor) -> dict[str, Any]:
    """The list, on its matter's page."""
    of = disposal.list_of(list_id_of(matter))
    if of is None:
        return {}
    return {
        "list": of,
        "facts": facts_of(of),
        "tone": STATE_TONES[of.state],
        "totals": totals_of(of.pk),
        "signed": [one for one in disposal.acts(of.pk) if one["is_current"]],
    }


def period_panel(matter: Any, by: Actor) -> dict[str, Any]:
    """The asking, on its matter's page."""
    asked = disposal.decision(decision_id_of(matter))
    if asked is None:
        return {}
    item = item_of(asked.item_id)
    facts: list[tuple[Any, ...]] = [
        (_("From period"), asked.from_period),
        (_("To period"), asked.to_period),
        (_("Reason"), asked.reason),
        (_("Basis"), asked.basis),
        (_("Asked by"), words(asked.asked_person) if asked.asked_person else ""),
    ]
    if item is not None:
        facts.insert(0, (_("Item"), f"{item.code} {item.title}", reverse("records:archival_item", args=[item.pk])))
    return {"facts": facts}


def section(item: ArchivalItem, by: Actor) -> dict[str, Any] | None:
    """Of one item: what keeps it, the list it is on, by which certificate it went, and what may be done."""
    certificate = disposal.certificate_of_item(item.pk)
    is_live = item.state in LIVE
    disposes = bool(disposal_rules.may_see_lists(by))
    keeps_holds = bool(access.holds_role(by, HOLD_KEEPER))
    seen = holds.holds_of(item.pk) if is_live else []
    is_held = is_live and (disposes or keeps_holds) and bool(holds.held([item.pk]))
    archives = is_live and bool(access.holds_role(by, ARCHIVIST, item.fonds.keeper_unit_id))
    found = {
        "item": item,
        "certificate": certificate,
        "holds": [{**one, "kind_words": HoldKind(one["kind"]).label} for one in seen],
        "is_held": is_held,
        "row": disposal.open_row_of(item.pk) if is_live and disposes else None,
        "has_run_out": is_live and disposes and item.retain_until is not None and item.retain_until < clock.today(),
        "may_hold": is_live and keeps_holds,
        "may_change_period": archives,
    }
    shown = ("certificate", "holds", "is_held", "row", "has_run_out", "may_hold", "may_change_period")
    return found if any(found[name] for name in shown) else None


def matter_of_list(list_id: int) -> Any:
    """The matter of a list, if the actor may see it."""
    return procedures.matter_of(LIST_SUBJECT.format(list_id))
