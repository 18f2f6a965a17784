"""Pages that write: a fonds, a version, a class, a period, a workbook, a unit code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.verdict import Refused, Stale
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.kernel.records.fileplan import queries, rules
from chancery.kernel.records.fileplan.drafting import services
from chancery.kernel.records.fileplan.forms import (
    ClassForm,
    FondsForm,
    PeriodForm,
    SheetForm,
    UnitCodeForm,
    VersionForm,
)
from chancery.kernel.records.fileplan.models import FilePlan
from chancery.kernel.records.fileplan.sheets.services import take_in
from chancery.kernel.records.fileplan.views import fonds_or_404, plan_or_404, told, trail

HALF = dict.fromkeys(
    ("code", "category", "begun_on", "name_en", "name_zh", "parent", "position", "period", "at_end", "unit_id",
     "keeper_unit_id", "proposes", "scope_en", "scope_zh", "basis_en", "basis_zh", "years", "valid_from"),
    "half",
)  # fmt: skip


def _page(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], HttpResponse],
    *,
    title: str,
    submit: str,
    cancel: str,
    where: list[Any],
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form, or do the act; a refusal stands at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            return act()
        except Stale:
            raise
        except queries.BadPlan as refusal:
            for fault in refusal.faults[:100] or [str(refusal)]:
                form.add_error("file", fault)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "title": title, "submit": submit, "cancel": cancel, "trail": where, "widths": HALF}
    status = 422 if form.errors else 200
    return render(request, "records/fileplan/form.html", {**context, **(more or {})}, status=status)


def _draft(request: HttpRequest, plan_id: int) -> FilePlan:
    plan = plan_or_404(plan_id)
    rules.may_draft(actor_of(request), plan.fonds.keeper_unit_id).demand()
    rules.is_draft(plan).demand()
    return plan


@door(rules.may_open_fonds)
def fonds_new(request: HttpRequest) -> HttpResponse:
    """Open a fonds."""
    form = FondsForm(request.POST or None, initial={"begun_on": clock.today()})

    def act() -> HttpResponse:
        fonds = services.open_fonds(**form.cleaned_data, by=actor_of(request), at=clock.now())
        return told(request, _("The fonds is open."), "records:fonds", fonds.pk)

    return _page(
        request, form, act, title=_("New fonds"), submit=_("Open it"), cancel=reverse("records:fileplans"),
        where=trail(here=_("New fonds")),
    )  # fmt: skip


@door(staff)
def unit_code_new(request: HttpRequest, fonds_id: int) -> HttpResponse:
    """Give a unit its code."""
    fonds = fonds_or_404(fonds_id)
    rules.may_draft(actor_of(request), fonds.keeper_unit_id).demand()
    form = UnitCodeForm(request.POST or None, initial={"valid_from": clock.today()})

    def act() -> HttpResponse:
        services.put_unit_code(fonds_id=fonds.pk, **form.cleaned_data, by=actor_of(request), at=clock.now())
        return told(request, _("The unit is called so from that day."), "records:fonds", fonds.pk)

    return _page(
        request, form, act, title=_("Unit code"), submit=_("Let it hold"),
        cancel=reverse("records:fonds", args=[fonds.pk]), where=trail(fonds=fonds, here=_("Unit code")),
    )  # fmt: skip


@door(staff)
def version_new(request: HttpRequest, fonds_id: int) -> HttpResponse:
    """Begin a new version from the last approved one."""
    fonds = fonds_or_404(fonds_id)
    rules.may_draft(actor_of(request), fonds.keeper_unit_id).demand()
    form = VersionForm(request.POST or None)

    def act() -> HttpResponse:
        plan = services.draft_version(fonds_id=fonds.pk, **form.cleaned_data, by=actor_of(request), at=clock.now())
        return told(request, _("The draft is begun."), "records:fileplan", plan.pk)

    return _page(
        request, form, act, title=_("New version"), submit=_("Begin the draft"),
        cancel=reverse("records:fonds", args=[fonds.pk]), where=trail(fonds=fonds, here=_("New version")),
    )  # fmt: skip


@door(staff)
def class_edit(request: HttpRequest, plan_id: int, class_id: int = 0) -> HttpResponse:
    """Add a class, or change, move, close one."""
    plan = _draft(request, plan_id)
    row = plan.classes.filter(pk=class_id).first() if class_id else None
    if class_id and row is None:
        raise Http404
    under = plan.classes.filter(pk=request.GET["under"]).first() if request.GET.get("under", "").isdigit() else None
    initial: dict[str, Any] = {"seen": plan.version, "is_open": True, "category": "WS"}
    if row is not None:
        initial |= {name: getattr(row, name) for name in services.COPIED}
        initial |= {"parent": str(row.parent_id or ""), "proposes": " ".join(row.proposes)}
    else:
        first = plan.classes.first()
        initial |= {
            "parent": str(under.pk) if under else "",
            "category": first.category if first else "WS",
            "position": plan.classes.count() + 1,
        }
    form = ClassForm(request.POST or None, plan=plan, row=row, initial=initial)

    def act() -> HttpResponse:
        services.put_class(
            plan_id=plan.pk, class_id=row.pk if row else None, **form.told(), by=actor_of(request), at=clock.now()
        )
        return told(request, _("The class is written."), "records:fileplan", plan.pk)

    title = _("Change class %(code)s") % {"code": row.code} if row else _("New class")
    return _page(
        request, form, act, title=title, submit=_("Write it"), cancel=reverse("records:fileplan", args=[plan.pk]),
        where=trail(plan=plan, here=title),
    )  # fmt: skip


@door(staff, methods=("POST",))
def class_remove(request: HttpRequest, plan_id: int, class_id: int) -> HttpResponse:
    """Take a class out of the draft."""
    services.remove_class(plan_id=plan_id, class_id=class_id, by=actor_of(request), at=clock.now())
    return told(request, _("The class is taken out."), "records:fileplan", plan_id)


@door(staff)
def period_edit(request: HttpRequest, plan_id: int, period_id: int = 0) -> HttpResponse:
    """Add a period or change one."""
    plan = _draft(request, plan_id)
    row = plan.periods.filter(pk=period_id).first() if period_id else None
    if period_id and row is None:
        raise Http404
    initial: dict[str, Any] = {"seen": plan.version}
    if row is not None:
        initial |= {n: getattr(row, n) for n in ("code", "name_en", "name_zh", "years", "basis_en", "basis_zh")}
    form = PeriodForm(request.POST or None, initial=initial)

    def act() -> HttpResponse:
        services.put_period(
            plan_id=plan.pk,
            period_id=row.pk if row else None,
            **form.cleaned_data,
            by=actor_of(request),
            at=clock.now(),
        )
        return told(request, _("The period is written."), "records:fileplan", plan.pk)

    title = _("Change period %(code)s") % {"code": row.code} if row else _("New period")
    return _page(
        request, form, act, title=title, submit=_("Write it"), cancel=reverse("records:fileplan", args=[plan.pk]),
        where=trail(plan=plan, here=title),
    )  # fmt: skip


@door(staff, methods=("POST",))
def period_remove(request: HttpRequest, plan_id: int, period_id: int) -> HttpResponse:
    """Take a period out of the draft."""
    services.remove_period(plan_id=plan_id, period_id=period_id, by=actor_of(request), at=clock.now())
    return told(request, _("The period is taken out."), "records:fileplan", plan_id)


@door(staff)
def sheet_in(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Take a workbook into the draft."""
    plan = _draft(request, plan_id)
    form = SheetForm(request.POST or None, request.FILES or None, initial={"seen": plan.version})

    def act() -> HttpResponse:
        count = take_in(plan_id=plan.pk, **form.cleaned_data, by=actor_of(request), at=clock.now())
        return told(request, _("%(n)s classes were taken in.") % {"n": count}, "records:fileplan", plan.pk)

    return _page(
        request, form, act, title=_("Take in a workbook"), submit=_("Check and take in"),
        cancel=reverse("records:fileplan", args=[plan.pk]), where=trail(plan=plan, here=_("Take in a workbook")),
        more={"intro": _("It replaces every class and period of this draft. One faulty row, and nothing is taken.")},
    )  # fmt: skip


@door(staff, methods=("POST",))
def withdraw(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Give the draft up."""
    plan = plan_or_404(plan_id)
    services.withdraw_plan(plan_id=plan_id, by=actor_of(request), at=clock.now())
    return told(request, _("The draft is withdrawn."), "records:fonds", plan.fonds_id)
