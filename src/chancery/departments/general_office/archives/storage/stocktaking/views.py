"""Pages of a stocktake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chancery.departments.general_office.archives.storage import forms, queries, rules, services
from chancery.departments.general_office.archives.storage.models import Stocktake, StocktakeCount, StoragePlace
from chancery.departments.general_office.archives.storage.terms import Finding, Heard, PlaceKind, Source, StocktakeState
from chancery.departments.general_office.archives.storage.views import found, trail
from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.verdict import Refused
from chancery.foundations.web import exports
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.middleware import PERMISSIONS, permissions
from chancery.foundations.web.tables import Column, Filter, ListPage

TEMPLATES = "general_office/archives/storage"
TONES = {
    StocktakeState.OPEN: "amber",
    StocktakeState.COUNTED: "blue",
    StocktakeState.SIGNED: "green",
    StocktakeState.CANCELLED: "neutral",
}
FINDING_TONES = {Finding.RIGHT: "green", Finding.MISPLACED: "amber", Finding.MISSING: "red", Finding.SURPLUS: "violet"}
HEARD_TONES = {Heard.BOX: "green", Heard.PLACE: "blue", Heard.ITEM: "neutral", Heard.UNKNOWN: "red"}
#: The camera is open to this page alone.


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return trail((reverse("general_office:stocktakes"), _("Stocktakes")), *more)


def _seen(stocktake_id: int) -> Stocktake:
    one = queries.stocktake(stocktake_id)
    if one is None:
        raise Http404
    return one


@door(rules.may_enter, methods=("GET",))
def stocktakes(request: HttpRequest) -> HttpResponseBase:
    """All stocktakes."""
    page = ListPage(
        request,
        name="general_office.stocktakes",
        rows=queries.stocktakes(),
        columns=[
            Column(
                "place__code",
                gettext_lazy("Place"),
                sort="place__code",
                is_main=True,
                style="tight",
                link=lambda row: reverse("general_office:stocktake", args=[row["id"]]),
            ),
            Column("opened_at", gettext_lazy("Begun"), kind="datetime", sort="opened_at"),
            Column("opened_person__name", gettext_lazy("By"), kind="words"),
            Column("should", gettext_lazy("Expected"), kind="number", sort="should"),
            Column("read", gettext_lazy("Counted"), kind="number", sort="read"),
            Column("signed_at", gettext_lazy("Signed off"), kind="datetime", sort="signed_at"),
            Column("signed_person__name", gettext_lazy("Signed off by"), kind="words", is_shown=False),
            Column(
                "state",
                gettext_lazy("State"),
                kind="badge",
                codes=dict(StocktakeState.choices),
                tones=TONES,
                sort="state",
            ),
        ],
        filters=[Filter("state", gettext_lazy("State"), choices=StocktakeState.choices)],
        search=("place__code", "place__name"),
        order=("-opened_at", "-id"),
        caption=_("Stocktakes"),
        empty={
            "symbol": "clipboard-list",
            "title": _("No stocktake yet"),
            "text": _("Open a room, rack or shelf in storage and begin one there."),
        },
    )
    return page.respond(
        "general_office/archives/handover/plain.html", {"title": _("Stocktakes"), "trail": trail(("", _("Stocktakes")))}
    )


@door(rules.may_enter, methods=("POST",))
def begin(request: HttpRequest, code: str) -> HttpResponseBase:
    """Begin to count a place."""
    by = actor_of(request)
    one = services.open_stocktake(place_id=found(code).pk, by=by, at=clock.now())
    return redirect("general_office:stocktake_count", one.pk)


@door(rules.may_enter)
def detail(request: HttpRequest, stocktake_id: int) -> HttpResponseBase:
    """The lists of a stocktake; it is ended, taken up again, corrected, signed off."""
    by = actor_of(request)
    one = _seen(stocktake_id)
    lists = queries.result(one)
    correctable = [
        row["box_id"]
        for kind in (Finding.MISPLACED, Finding.SURPLUS)
        for row in lists[kind]
        if row["seen"] and row["now"] != row["seen"]
    ]
    form = forms.NoteForm(request.POST or None, box_ids=correctable)
    if request.method == "POST" and form.is_valid():
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            said = act(one.pk, form.cleaned_data, by)
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, said)
            return redirect("general_office:stocktake", one.pk)
    context = {
        "one": one,
        "tone": TONES[StocktakeState(one.state)],
        "progress": queries.progress(one.pk),
        "lists": [
            {
                "code": kind,
                "title": Finding(kind).label,
                "tone": FINDING_TONES[Finding(kind)],
                "rows": lists[kind],
                "is_open": kind != Finding.RIGHT,
            }
            for kind in (Finding.MISSING, Finding.MISPLACED, Finding.SURPLUS, Finding.RIGHT)
        ],
        "unknown": queries.unknown_codes(one.pk),
        "differences": queries.differences(lists),
        "correctable": set(correctable),
        "may_keep": bool(rules.may_keep(by, one.place.keeper_unit_id)),
        "is_own": one.state == StocktakeState.COUNTED and by.person_id == one.counted_person_id,
        "form": form,
        "picked": {int(box) for box in form["boxes"].value() or []} if not form.errors.get("boxes") else set(),
        "entries": journal.timeline(one),
        "trail": _trail(("", one.place.code)),
    }
    return render(request, f"{TEMPLATES}/stocktake.html", context, status=422 if form.errors else 200)


def _end(stocktake_id: int, given: dict[str, Any], by: Any) -> str:
    services.end_counting(stocktake_id=stocktake_id, by=by, at=clock.now())
    return _("The counting has ended. Somebody else signs it off.")


def _count_on(stocktake_id: int, given: dict[str, Any], by: Any) -> str:
    services.count_on(stocktake_id=stocktake_id, by=by, at=clock.now())
    return _("The counting goes on.")


def _sign(stocktake_id: int, given: dict[str, Any], by: Any) -> str:
    services.sign_off(stocktake_id=stocktake_id, note=given["note"], by=by, at=clock.now())
    return _("Signed off.")


def _give_up(stocktake_id: int, given: dict[str, Any], by: Any) -> str:
    services.give_up(stocktake_id=stocktake_id, reason=given["note"], by=by, at=clock.now())
    return _("The stocktake was given up.")


def _correct(stocktake_id: int, given: dict[str, Any], by: Any) -> str:
    n = services.correct_places(stocktake_id=stocktake_id, box_ids=given["boxes"], by=by, at=clock.now())
    return ngettext(
        "%(n)s box written down where it was read.", "%(n)s boxes written down where they were read.", n
    ) % {"n": n}


_ACTS: dict[str, Callable[[int, dict[str, Any], Any], str]] = {
    "end": _end,
    "count_on": _count_on,
    "sign": _sign,
    "give_up": _give_up,
    "correct": _correct,
}


@door(rules.may_enter)
def count(request: HttpRequest, stocktake_id: int) -> HttpResponseBase:
    """The counting itself: each Enter is a code. With script the page stays; without, it comes again."""
    by = actor_of(request)
    one = _seen(stocktake_id)
    shelves = list(
        StoragePlace.objects.filter(path__startswith=one.place.path, kind=PlaceKind.SHELF, closed_at=None).order_by(
            "path"
        )
    )
    chosen = request.GET.get("place", "")
    if not chosen and len(shelves) == 1:
        chosen = str(shelves[0].pk)
    form = forms.CountForm(request.POST or None, shelves=shelves, initial={"place": chosen, "source": Source.TYPED})
    last: StocktakeCount | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            last = services.count(
                stocktake_id=one.pk,
                text=given["code"],
                place_id=given["place"],
                source=given["source"] or Source.TYPED,
                by=by,
                at=clock.now(),
            )
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            chosen = str(last.place_id or "")
            if not getattr(request, "htmx", False):
                address = reverse("general_office:stocktake_count", args=[one.pk])
                return redirect(f"{address}?{urlencode({'place': chosen})}" if chosen else address)
            form = forms.CountForm(shelves=shelves, initial={"place": chosen, "source": Source.TYPED})
    counts = queries.latest_counts(one.pk)
    for row in counts:
        row["tone"] = "amber" if row["is_again"] else HEARD_TONES[Heard(row["heard"])]
        row["words"] = _("counted before") if row["is_again"] else Heard(row["heard"]).label
    context = {
        "one": one,
        "form": form,
        "last": last,
        "counts": counts,
        "progress": queries.progress(one.pk),
        "is_open": one.state == StocktakeState.OPEN,
        "trail": _trail((reverse("general_office:stocktake", args=[one.pk]), one.place.code), ("", _("Count"))),
    }
    template = "counting.html" if getattr(request, "htmx", False) else "count.html"
    # htmx swaps answers of 200 only; an error is said inside the part.
    status = 422 if form.errors and not getattr(request, "htmx", False) else 200
    response = render(request, f"{TEMPLATES}/{template}", context, status=status)
    response[PERMISSIONS] = permissions("camera")
    return response


class _Ready(list[dict[str, Any]]):
    """Rows that are there already, for the exports."""

    def iterator(self, chunk_size: int = 0) -> Iterator[dict[str, Any]]:
        """The rows."""
        return iter(self)


@door(rules.may_enter, methods=("GET",))
def export(request: HttpRequest, stocktake_id: int, kind: str) -> HttpResponseBase:
    """All lists in one sheet."""
    one = _seen(stocktake_id)
    if kind not in exports.KINDS:
        raise Http404
    rows = _Ready()
    for finding, found_rows in queries.result(one).items():
        rows += [{**row, "finding": Finding(finding).label} for row in found_rows]
    for row in queries.unknown_codes(one.pk):
        rows.append(
            {
                "finding": Heard(row["heard"]).label,
                "code": row["text"],
                "should": row["box_code"] or "",
                "seen": row["place__code"] or "",
                "now": "",
                "at": row["at"],
            }
        )
    columns = [
        Column("finding", gettext_lazy("Result")),
        Column("code", gettext_lazy("Code")),
        Column("should", gettext_lazy("Should stand at")),
        Column("seen", gettext_lazy("Counted at")),
        Column("now", gettext_lazy("Stands at now")),
        Column("at", gettext_lazy("Time"), kind="datetime"),
    ]
    return exports.respond(request, f"stocktake.{one.place.code}", columns, rows, kind)  # type: ignore[arg-type]  # it has what exports ask of rows
