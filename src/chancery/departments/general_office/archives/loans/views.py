"""The loan log and its acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chancery.departments.general_office.archives.loans import queries, rules, services
from chancery.departments.general_office.archives.loans.forms import ChaseForm, ExtendForm, LendForm, ReturnForm
from chancery.departments.general_office.archives.loans.models import Loan
from chancery.departments.general_office.archives.loans.terms import Condition
from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.verdict import Refused
from chancery.foundations.web.columns import Rows
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage


def _trail(here: Any, *more: tuple[str, Any]) -> list[tuple[str | None, Any]]:
    return [(reverse("general_office:archives"), _("Archives")), *more, (None, here)]


def _standing(rows: Rows, asked: str) -> Rows:
    if asked == "back":
        return rows.exclude(returned_at=None)
    rows = rows.filter(returned_at=None)
    return rows.filter(due_on__lt=clock.today()) if asked == "overdue" else rows


STANDING = (
    ("out", gettext_lazy("Out")),
    ("overdue", gettext_lazy("Overdue")),
    ("back", pgettext_lazy("state of a loan", "Brought back")),
)

STANDING_TONES = {"out": "orange", "overdue": "red", "back": "green"}


def _link(row: Any) -> str:
    return reverse("general_office:loan", args=[row["id"]])


@door(staff, methods=("GET",))
def loans(request: HttpRequest) -> HttpResponseBase:
    """The log: all loans for archivists, one's own for others."""
    by = actor_of(request)
    page = ListPage(
        request,
        name="general_office.loans",
        rows=queries.log(by).values(*queries.LINE),
        columns=(
            Column("code", pgettext_lazy("of what is lent", "Code"), sort="code", is_main=True, link=_link),
            Column("borrower__name", gettext_lazy("Borrower"), kind="words"),
            Column("lent_at", gettext_lazy("Lent at"), kind="datetime", sort="lent_at"),
            Column("due_on", gettext_lazy("Due back on"), kind="date", sort="due_on"),
            Column("standing", gettext_lazy("State"), kind="badge", codes=dict(STANDING), tones=STANDING_TONES),
            Column(
                "returned_at", pgettext_lazy("of what is lent", "Brought back"), kind="datetime", sort="returned_at"
            ),
            Column(
                "condition",
                pgettext_lazy("of what is lent", "Condition"),
                kind="badge",
                codes=dict(Condition.choices),
                tones={"SOUND": "green", "DAMAGED": "red", "INCOMPLETE": "red"},
            ),
            Column("chased", gettext_lazy("Urged"), is_shown=False),
        ),
        filters=(Filter("standing", gettext_lazy("State"), choices=STANDING, apply=_standing),),
        search=("code", "borrower__name_en", "borrower__name_zh"),
        order=("-lent_at", "-id"),
        empty={"title": _("No loans to show"), "text": _("An archivist lends originals and boxes by their code.")},
    )
    context = {"may_lend": bool(rules.may_keep(by)), "trail": _trail(_("Loans"))}
    return page.respond("general_office/archives/loans/loans.html", context)


def _page(
    request: HttpRequest, form: forms.Form, act: Callable[[], Loan], *, done: str, title: str, submit: str, back: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            loan = act()
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, done)
            return redirect("general_office:loan", loan.pk)
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "cancel": back,
        "widths": {"due_on": "half", "condition": "half"},
        "trail": _trail(title, (reverse("general_office:loans"), _("Loans"))),
    }
    return render(request, "general_office/archives/loans/act.html", context, status=422 if form.errors else 200)


@door(rules.may_keep)
def lend(request: HttpRequest) -> HttpResponse:
    """Lend an original or a box."""
    start = {"code": request.GET.get("code", "")[:120], "due_on": queries.due_day(clock.today())}
    form = LendForm(request.POST or None, initial=start)

    def act() -> Loan:
        told = dict(form.cleaned_data)
        return services.lend(borrower_post_id=told.pop("borrower_post"), **told, by=actor_of(request), at=clock.now())

    return _page(
        request, form, act, done=_("It is lent."), title=_("Lend"), submit=_("Lend it"),
        back=reverse("general_office:loans"),
    )  # fmt: skip


def _seen(request: HttpRequest, loan_id: int) -> Loan:
    loan = queries.loan_of(loan_id)
    if loan is None or not (rules.may_keep(actor_of(request)) or loan.borrower_id == actor_of(request).person_id):
        raise Http404
    return loan


@door(staff, methods=("GET",))
def loan_page(request: HttpRequest, loan_id: int) -> HttpResponse:
    """One loan, and what can be done with it."""
    loan = _seen(request, loan_id)
    context = {
        "loan": loan,
        "is_overdue": loan.returned_at is None and loan.due_on < clock.today(),
        "keeps": bool(rules.may_keep(actor_of(request), loan.fonds.keeper_unit_id)),
        "entries": journal.timeline(loan),
        "trail": _trail(loan.code, (reverse("general_office:loans"), _("Loans"))),
    }
    return render(request, "general_office/archives/loans/loan.html", context)


@door(rules.may_keep)
def extend(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Extend a loan."""
    _seen(request, loan_id)
    form = ExtendForm(request.POST or None)
    return _page(
        request, form,
        lambda: services.extend(loan_id=loan_id, **form.cleaned_data, by=actor_of(request), at=clock.now()),
        done=_("The loan is extended."), title=_("Extend the loan"), submit=_("Extend"),
        back=reverse("general_office:loan", args=[loan_id]),
    )  # fmt: skip


@door(rules.may_keep)
def take_back(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Note the return."""
    _seen(request, loan_id)
    form = ReturnForm(request.POST or None)
    return _page(
        request, form,
        lambda: services.take_back(loan_id=loan_id, **form.cleaned_data, by=actor_of(request), at=clock.now()),
        done=_("It is back."), title=_("Take back"), submit=_("Note its return"),
        back=reverse("general_office:loan", args=[loan_id]),
    )  # fmt: skip


@door(rules.may_keep)
def chase(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Urge the borrower."""
    _seen(request, loan_id)
    form = ChaseForm(request.POST or None)
    return _page(
        request, form,
        lambda: services.chase(loan_id=loan_id, **form.cleaned_data, by=actor_of(request), at=clock.now()),
        done=_("The borrower is urged."), title=_("Urge the borrower"), submit=_("Urge"),
        back=reverse("general_office:loan", args=[loan_id]),
    )  # fmt: skip
