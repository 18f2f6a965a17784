"""Pages of the file plan: fonds, versions, the plan as a tree, comparing, the workbook."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.words import words
from chancery.kernel.records.fileplan import queries, rules, terms
from chancery.kernel.records.fileplan.comparing.queries import compare as compared
from chancery.kernel.records.fileplan.comparing.queries import shortened
from chancery.kernel.records.fileplan.models import FilePlan, Fonds
from chancery.kernel.records.fileplan.sheets.queries import workbook
from chancery.kernel.records.fileplan.terms import PlanState

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def fonds_or_404(fonds_id: int) -> Fonds:
    """A fonds."""
    found = Fonds.objects.select_related("unit", "keeper_unit").filter(pk=fonds_id).first()
    if found is None:
        raise Http404
    return found


def plan_or_404(plan_id: int) -> FilePlan:
    """A version."""
    found = (
        FilePlan.objects.select_related("fonds", "based_on", "made_person", "approved_person")
        .filter(pk=plan_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def trail(plan: FilePlan | None = None, fonds: Fonds | None = None, here: Any = "") -> list[tuple[str | None, Any]]:
    """Where one is."""
    steps: list[tuple[str | None, Any]] = [(reverse("records:fileplans"), _("File plan"))]
    of = plan.fonds if plan else fonds
    if of is not None:
        steps.append((reverse("records:fonds", args=[of.pk]), f"{of.code} {words(of)}"))
    if plan is not None:
        steps.append((reverse("records:fileplan", args=[plan.pk]), version_words(plan)))
    if here:
        steps.append((None, here))
    return steps


def version_words(plan: FilePlan) -> str:
    """“Version 2”."""
    return _("Version %(number)s") % {"number": plan.number}


def standing(plan: FilePlan) -> tuple[Any, str]:
    """The words and tone of a version's state today."""
    today = clock.today()
    if plan.state == PlanState.APPROVED and plan.valid_from is not None:
        if plan.valid_from > today:
            return _("Holds from %(day)s") % {"day": plan.valid_from}, "blue"
        if plan.valid_to is None or plan.valid_to >= today:
            return _("In force"), "green"
        return _("Ended"), "neutral"
    return PlanState(plan.state).label, terms.TONES[plan.state]


@door(staff, methods=("GET",))
def fileplans(request: HttpRequest) -> HttpResponse:
    """Every fonds, with the version in force."""
    today = clock.today()
    in_force = {
        plan.fonds_id: plan
        for plan in FilePlan.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=today), state=PlanState.APPROVED, valid_from__lte=today
        )
    }
    rows = [
        {"fonds": fonds, "plan": in_force.get(fonds.pk)}
        for fonds in Fonds.objects.select_related("unit", "keeper_unit").order_by("code")
    ]
    context = {"rows": rows, "may_open": bool(rules.may_open_fonds(actor_of(request)))}
    return render(request, "records/fileplan/fonds_list.html", context)


@door(staff, methods=("GET",))
def fonds_page(request: HttpRequest, fonds_id: int) -> HttpResponse:
    """A fonds: its versions, the codes of its units, its history."""
    fonds = fonds_or_404(fonds_id)
    plans = list(fonds.plans.select_related("made_person", "approved_person").order_by("-number"))
    may = bool(rules.may_draft(actor_of(request), fonds.keeper_unit_id))
    context = {
        "fonds": fonds,
        "rows": [{"plan": plan, "standing": standing(plan)} for plan in plans],
        "is_busy": any(plan.state in (PlanState.DRAFT, PlanState.SUBMITTED) for plan in plans),
        "codes": fonds.unit_codes.select_related("unit").order_by("code", "valid_from"),
        "may_draft": may,
        "entries": journal.timeline(fonds),
        "trail": [*trail(fonds=fonds)[:1], (None, f"{fonds.code} {words(fonds)}")],
    }
    return render(request, "records/fileplan/fonds.html", context)


@door(staff, methods=("GET",))
def fileplan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A version: the plan as a tree, its periods, what it changes, what happened to it."""
    plan = plan_or_404(plan_id)
    earlier = plan.based_on or plan.fonds.plans.filter(number__lt=plan.number).order_by("-number").first()
    lines = [line for line in compared(earlier, plan) if line.changes] if earlier else []
    may_edit = plan.state == PlanState.DRAFT and bool(rules.may_draft(actor_of(request), plan.fonds.keeper_unit_id))
    context = {
        "plan": plan,
        "name": version_words(plan),
        "standing": standing(plan),
        "tree": queries.tree(plan),
        "said_words": queries.proposals_in_words(plan, clock.today()),
        "periods": queries.periods(plan.pk),
        "earlier": earlier,
        "changes": len(lines),
        "shortened": shortened(earlier, plan) if earlier else [],
        "may_edit": may_edit,
        "submit_url": reverse(terms.submission(), args=[plan.pk]) if may_edit and terms.submission() else "",
        "entries": journal.timeline(plan),
        "trail": [*trail(plan=plan)[:-1], (None, version_words(plan))],
    }
    return render(request, "records/fileplan/plan.html", context)


@door(staff, methods=("GET",))
def compare(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Two versions side by side: the earlier one is chosen, the one before by default."""
    plan = plan_or_404(plan_id)
    others = list(plan.fonds.plans.exclude(pk=plan.pk).order_by("-number"))
    asked = request.GET.get("with", "")
    earlier = next((one for one in others if str(one.pk) == asked), None)
    if asked and earlier is None:
        raise Http404
    earlier = earlier or plan.based_on or (others[0] if others else None)
    lines = compared(earlier, plan) if earlier else []
    everything = request.GET.get("all") == "1"
    context = {
        "plan": plan,
        "name": version_words(plan),
        "earlier": earlier,
        "earlier_name": version_words(earlier) if earlier else "",
        "others": [(one, version_words(one)) for one in others],
        "lines": lines if everything else [line for line in lines if line.changes],
        "everything": everything,
        "has_shorter": any("shorter" in line.changes for line in lines),
        "trail": trail(plan=plan, here=_("Compare")),
    }
    return render(request, "records/fileplan/compare.html", context)


@door(staff, methods=("GET",))
def export(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The version as a workbook."""
    plan = plan_or_404(plan_id)
    response = HttpResponse(workbook(plan), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="file-plan-{plan.fonds.code}-{plan.number}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response


def told(request: HttpRequest, text: str, to: str, *args: Any) -> HttpResponse:
    """Say that it is done, and go on."""
    messages.success(request, text)
    return redirect(to, *args)
