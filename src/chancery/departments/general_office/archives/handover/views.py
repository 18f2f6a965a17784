"""Pages of handing over: what is owed, the lists, one list with its checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from chancery.departments.general_office.archives.handover import forms, queries, rules, services
from chancery.departments.general_office.archives.handover.duties import services as duties_services
from chancery.departments.general_office.archives.handover.models import HandoverList
from chancery.departments.general_office.archives.handover.printing import queries as printing
from chancery.departments.general_office.archives.handover.terms import TONES, CheckName, ListState, Result, RowState
from chancery.foundations import clock, jobs
from chancery.foundations.journal import queries as journal
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Bulk, Column, Filter, ListPage

TEMPLATES = "general_office/archives/handover"
STATE_TONES: dict[str, str] = {
    ListState.OFFERED: "amber",
    ListState.TAKEN: "green",
    ListState.RETURNED: "red",
    ListState.RECALLED: "neutral",
}
ROW_TONES: dict[str, str] = {RowState.ACCEPTED: "green", RowState.RETURNED: "red", RowState.WAITING: "amber"}
AT_ONCE = 30  # more items than that are checked by the worker


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("general_office:archives"), _("Archives")), *more]


def _kept(given: Any) -> set[int]:
    """What was picked before a refusal: the values of a bound field are what was sent, words."""
    return {int(one) for one in given or [] if str(one).isascii() and str(one).isdigit()}


# --- What is owed -----------------------------------------------------------------------------------------------------
@door(staff)
def duties(request: HttpRequest) -> HttpResponseBase:
    """What departments owe, by year and day; the archive reminds."""
    by = actor_of(request)
    today = clock.today()
    may_remind = queries.is_keeper(by)
    rows = queries.with_lateness(
        queries.duties().filter(settled_at=None).order_by("due_on", "unit__position", "unit_id"), today
    )
    form = forms.RemindForm(request.POST or None, duty_ids=[row["id"] for row in rows])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            n = duties_services.remind(duty_ids=given["duties"], note=given["note"], by=by, at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(
                request, ngettext("%(n)s department reminded.", "%(n)s departments reminded.", n) % {"n": n}
            )
            return redirect("general_office:handover_duties")
    context = {
        "rows": rows,
        "form": form,
        "picked": _kept(form["duties"].value()),
        "may_remind": may_remind,
        "late": sum(row["due_on_lateness"] == "RED" for row in rows),
        "trail": _trail(("", _("Filing due"))),
    }
    return render(request, f"{TEMPLATES}/duties.html", context, status=422 if form.errors else 200)


@door(staff, methods=("GET",))
def unfiled(request: HttpRequest) -> HttpResponseBase:
    """What is closed and waits to be filed, as far as one may see it."""
    page = ListPage(
        request,
        name="general_office.unfiled",
        rows=queries.unfiled_matters().values(
            "id", "number", "title", "procedure", "unit__name_en", "unit__name_zh", "closed_at", "opened_at"
        ),
        columns=[
            Column(
                "number",
                gettext_lazy("Number"),
                style="tight",
                link=lambda row: reverse("procedures:matter", args=[row["id"]]),
            ),
            Column("title", gettext_lazy("Title"), is_main=True, style="cut"),
            Column("unit__name", pgettext_lazy("hand-over", "Department"), kind="words"),
            Column("opened_at", gettext_lazy("Opened"), kind="datetime", sort="opened_at"),
            Column("closed_at", gettext_lazy("Closed"), kind="datetime", sort="closed_at"),
        ],
        search=("title", "number"),
        order=("closed_at", "id"),
        caption=_("Closed and not filed"),
        empty={"symbol": "archive", "title": _("Nothing waits to be filed")},
    )
    trail = _trail((reverse("general_office:handover_duties"), _("Filing due")), ("", _("Closed and not filed")))
    return page.respond(f"{TEMPLATES}/plain.html", {"title": _("Closed and not filed"), "trail": trail})


# --- Lists ------------------------------------------------------------------------------------------------------------
def _list_columns() -> list[Column]:
    def page(row: Any) -> str:
        return reverse("general_office:handover_list", args=[row["id"]])

    return [
        Column(
            "number",
            gettext_lazy("Number"),
            value=lambda row: row["number"] or _("Draft"),
            sort="number",
            link=page,
            is_main=True,
            style="tight",
        ),
        Column("unit__name", pgettext_lazy("hand-over", "Department"), kind="words"),
        Column("fonds__code", gettext_lazy("Fonds"), style="tight"),
        Column("items", gettext_lazy("Items"), kind="number", sort="items"),
        Column("returned", gettext_lazy("Returned"), kind="number", sort="returned"),
        Column("offered_at", pgettext_lazy("hand-over", "Handed over"), kind="datetime", sort="offered_at"),
        Column("ended_at", gettext_lazy("Decided"), kind="datetime", sort="ended_at"),
        Column(
            "state", gettext_lazy("State"), kind="badge", codes=dict(ListState.choices), tones=STATE_TONES, sort="state"
        ),
    ]


@door(staff, methods=("GET",))
def lists(request: HttpRequest) -> HttpResponseBase:
    """Hand-over lists: one's own department's, or all for the archive."""
    by = actor_of(request)
    page = ListPage(
        request,
        name="general_office.handover_lists",
        rows=queries.lists(),
        columns=_list_columns(),
        filters=[
            Filter("state", gettext_lazy("State"), choices=ListState.choices),
            Filter(
                "offered_at", pgettext_lazy("hand-over", "Handed over"), kind="date_range", lookup="offered_at__date"
            ),
        ],
        search=("number", "note", "unit__name_en", "unit__name_zh"),
        order=("-made_at", "-id"),
        caption=_("Hand-over lists"),
        empty={
            "symbol": "transfer",
            "title": _("No hand-over list yet"),
            "text": _("A department puts what it filed on a list and hands it over to the archive."),
        },
    )
    context = {"may_make": bool(queries.units_of(by)), "trail": _trail(("", _("Hand-over lists")))}
    return page.respond(f"{TEMPLATES}/lists.html", context)


@door(staff, methods=("GET",))
def new(request: HttpRequest) -> HttpResponseBase:
    """Pick filed items of one's department, for a new list or one that is being made (?list=)."""
    by = actor_of(request)
    asked = request.GET.get("list", "")
    one = _found(int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    if one is not None:
        bulk = Bulk(reverse("general_office:handover_add", args=[one.pk]), gettext_lazy("Put on the list"))
    else:
        bulk = Bulk(reverse("general_office:handover_begin"), gettext_lazy("Begin a list with them"))
    page = ListPage(
        request,
        name="general_office.handover_new",
        rows=queries.offerable(by, one),
        columns=[
            Column("code", gettext_lazy("Archival code"), sort="code", style="tight"),
            Column(
                "title",
                gettext_lazy("Title"),
                sort="title",
                is_main=True,
                style="cut",
                link=lambda row: reverse("records:archival_item", args=[row["id"]]),
            ),
            Column("unit__name", pgettext_lazy("hand-over", "Department"), kind="words"),
            Column("year", gettext_lazy("Year"), sort="year", style="tight"),
            Column("dated_on", gettext_lazy("Date"), kind="date", sort="dated_on"),
            Column("period", gettext_lazy("Period"), style="tight"),
        ],
        filters=[Filter("year", gettext_lazy("Year"), choices=queries.offerable_years(by))],
        search=("code", "title", "document_number"),
        order=("year", "code"),
        caption=_("Filed and not handed over"),
        per_page=50,
        bulk=[bulk],
        empty={"symbol": "archive", "title": _("Nothing waits to be handed over")},
    )
    title = _("Put items on %(list)s") % {"list": one.number or _("the list")} if one else _("New hand-over list")
    trail = _trail((reverse("general_office:handover_lists"), _("Hand-over lists")), ("", title))
    return page.respond(f"{TEMPLATES}/plain.html", {"title": title, "trail": trail})


def _picked(request: HttpRequest) -> list[int]:
    return [int(one) for one in request.POST.getlist("pick") if one.isascii() and one.isdigit() and len(one) < 16]


@door(staff, methods=("POST",))
def begin(request: HttpRequest) -> HttpResponseBase:
    """Begin a list with the picked items."""
    by = actor_of(request)
    picked = _picked(request)
    made = services.make_list(unit_id=queries.unit_for(by, picked), item_ids=picked, by=by, at=clock.now())
    messages.success(request, _("The list is begun. Look through it and hand it over."))
    return redirect("general_office:handover_list", made.pk)


@door(staff, methods=("POST",))
def add(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """Put the picked items on a list that is being made."""
    by = actor_of(request)
    one = _found(list_id)
    services.change_items(list_id=one.pk, add=_picked(request), by=by, at=clock.now())
    return redirect("general_office:handover_list", one.pk)


def _found(list_id: int) -> HandoverList:
    one = queries.list_of(list_id)
    if one is None:
        raise Http404
    return one


@door(staff)
def detail(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """A list: its items, what the checks found, the decisions, both signatures."""
    by = actor_of(request)
    one = _found(list_id)
    rows = list(queries.rows_of(one.pk))
    may_decide = bool(rules.may_decide(by, one))
    form = forms.DecideForm(request.POST or None, row_ids=[row["id"] for row in rows])
    if request.method == "POST" and form.is_valid():
        act = _DECISIONS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            said = act(one.pk, form.cleaned_data["rows"], form.cleaned_data["reason"], by)
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, said)
            return redirect("general_office:handover_list", one.pk)
    found = queries.latest_findings(one.pk)
    for row in rows:
        row["found"] = found.get(row["id"], [])
        row["tone"] = TONES.get(row["worst"], "neutral")
        row["worst_words"] = dict(Result.choices).get(row["worst"], "")
        row["state_words"], row["state_tone"] = (
            dict(RowState.choices)[row["state"]],
            ROW_TONES.get(row["state"], "neutral"),
        )
    waiting = [row for row in rows if row["state"] == RowState.WAITING]
    context = {
        "one": one,
        "rows": rows,
        "form": form,
        "picked": _kept(form["rows"].value()),
        "state_tone": STATE_TONES.get(one.state, "neutral"),
        "may_change": bool(rules.may_change(by, one)),
        "may_decide": may_decide,
        "may_recall": one.state == ListState.OFFERED
        and len(waiting) == len(rows)
        and bool(rules.may_hand_over(by, one.unit_id)),
        "same_person": one.state == ListState.OFFERED and by.person_id == one.offered_person_id,
        "waiting": len(waiting),
        "is_ready": may_decide and not waiting and any(row["state"] == RowState.ACCEPTED for row in rows),
        "unchecked": any(not row["round"] for row in waiting),
        "entries": journal.timeline(one),
        "trail": _trail(
            (reverse("general_office:handover_lists"), _("Hand-over lists")), ("", one.number or _("Draft"))
        ),
    }
    return render(request, f"{TEMPLATES}/list.html", context, status=422 if form.errors else 200)


def _accept(list_id: int, row_ids: list[int], reason: str, by: Any) -> str:
    n = len(services.accept(list_id=list_id, row_ids=row_ids, reason=reason, by=by, at=clock.now()))
    return ngettext("%(n)s item accepted.", "%(n)s items accepted.", n) % {"n": n}


def _return(list_id: int, row_ids: list[int], reason: str, by: Any) -> str:
    n = len(services.give_back(list_id=list_id, row_ids=row_ids, reason=reason, by=by, at=clock.now()))
    return ngettext("%(n)s item returned.", "%(n)s items returned.", n) % {"n": n}


def _remove(list_id: int, row_ids: list[int], reason: str, by: Any) -> str:
    services.change_items(list_id=list_id, remove=row_ids, by=by, at=clock.now())
    return _("Taken off the list.")


def _offer(list_id: int, row_ids: list[int], reason: str, by: Any) -> str:
    one = services.offer(list_id=list_id, note=reason, by=by, at=clock.now())
    return _("Handed over under your signature as %(number)s.") % {"number": one.number}


def _check(list_id: int, row_ids: list[int], reason: str, by: Any) -> str:
    from chancery.departments.general_office.archives.handover import tasks  # which calls the services, as we do

    one = _found(list_id)
    rules.may_decide(by, one).demand()
    if queries.summary(list_id)[RowState.WAITING] > AT_ONCE:
        jobs.enqueue(tasks.check_list, list_id=list_id)
        return _("The list is being checked. Open it again in a few minutes.")
    n = services.check(list_id=list_id, by=by, at=clock.now())
    return ngettext("%(n)s item checked.", "%(n)s items checked.", n) % {"n": n}


def _sign(list_id: int, row_ids: list[int], reason: str, by: Any) -> str:
    services.sign(list_id=list_id, by=by, at=clock.now())
    return _("Taken over under your signature.")


def _return_all(list_id: int, row_ids: list[int], reason: str, by: Any) -> str:
    services.return_list(list_id=list_id, reason=reason, by=by, at=clock.now())
    return _("What was undecided went back to the department.")


def _recall(list_id: int, row_ids: list[int], reason: str, by: Any) -> str:
    services.recall(list_id=list_id, reason=reason, by=by, at=clock.now())
    return _("The list is recalled.")


_DECISIONS: dict[str, Callable[[int, list[int], str, Any], str]] = {
    "accept": _accept,
    "return": _return,
    "remove": _remove,
    "offer": _offer,
    "check": _check,
    "sign": _sign,
    "return_all": _return_all,
    "recall": _recall,
}


@door(staff, methods=("POST",))
def drop(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """Give up a list that was not handed over."""
    by = actor_of(request)
    one = _found(list_id)
    services.drop_list(list_id=one.pk, by=by, at=clock.now())
    messages.success(request, _("The list was given up; its items stay with the department."))
    return redirect("general_office:handover_lists")


@door(staff, methods=("GET",))
def report(request: HttpRequest, list_id: int, row_id: int) -> HttpResponseBase:
    """What the four checks found on one item, every round."""
    one = _found(list_id)
    row = queries.rows_of(one.pk).filter(pk=row_id).first()
    if row is None:
        raise Http404
    rounds: dict[int, dict[str, Any]] = {}
    for finding in queries.findings(row_id):
        of_round = rounds.setdefault(
            finding["round"],
            {"round": finding["round"], "at": finding["at"], "checks": {str(name): [] for name in CheckName}},
        )
        finding["tone"] = TONES[finding["result"]]
        finding["result_words"] = Result(finding["result"]).label
        of_round["checks"][finding["name"]].append(finding)
    told = [
        {**of_round, "checks": [(CheckName(name).label, checks) for name, checks in of_round["checks"].items()]}
        for of_round in rounds.values()
    ]
    context = {
        "one": one,
        "row": row,
        "rounds": told,
        "trail": _trail(
            (reverse("general_office:handover_lists"), _("Hand-over lists")),
            (reverse("general_office:handover_list", args=[one.pk]), one.number or _("Draft")),
            ("", row["item__code"]),
        ),
    }
    return render(request, f"{TEMPLATES}/report.html", context)


@door(staff, methods=("GET",))
def list_pdf(request: HttpRequest, list_id: int) -> HttpResponse:
    """The list as PDF."""
    one = _found(list_id)
    return _pdf(one.number or "list", printing.list_pdf(one, at=clock.now()))


@door(staff, methods=("GET",))
def receipt_pdf(request: HttpRequest, list_id: int) -> HttpResponse:
    """The receipt as PDF, once both signed."""
    one = _found(list_id)
    if one.state not in (ListState.TAKEN, ListState.RETURNED):
        raise Http404
    return _pdf(f"{one.number} receipt", printing.receipt_pdf(one, at=clock.now()))


def _pdf(name: str, content: bytes) -> HttpResponse:
    disposition = content_disposition_header(False, f"{name}.pdf") or "inline"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
