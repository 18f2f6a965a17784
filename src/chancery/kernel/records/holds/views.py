"""Pages of holds: the list, one with what it covers, placing, reviewing, lifting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.verdict import Refused
from chancery.foundations.web.columns import Rows
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words
from chancery.kernel.records.archive import queries as archive
from chancery.kernel.records.archive.terms import ItemState
from chancery.kernel.records.holds import queries, rules, services
from chancery.kernel.records.holds.forms import CoverForm, HoldForm, LiftForm, ReviewForm
from chancery.kernel.records.holds.models import Hold, HoldCover
from chancery.kernel.records.holds.terms import HoldKind

TONES = {HoldKind.LEGAL: "red", HoldKind.AUDIT: "amber", HoldKind.PETITION: "violet"}
WIDTHS = dict.fromkeys(("kind", "title", "review_on", "class_code", "unit", "from_year", "to_year", "sheet"), "half")


def _standing(rows: Rows, said: str) -> Rows:
    return rows.filter(lifted_at__isnull=said == "yes")


@door(rules.may_enter, methods=("GET",))
def holds(request: HttpRequest) -> HttpResponseBase:
    """The holds that stand, and those that were lifted."""
    today = clock.today()
    page = ListPage(
        request,
        name="records.holds",
        rows=queries.holds(),
        columns=[
            Column(
                "title",
                pgettext_lazy("hold", "Hold"),
                is_main=True,
                sort="title",
                link=lambda row: reverse("records:hold", args=[row["id"]]),
            ),
            Column("kind", gettext_lazy("Kind"), kind="badge", codes=dict(HoldKind.choices), tones=dict(TONES.items())),
            Column("placed", gettext_lazy("Placed by"), kind="words"),
            Column("placed_at", gettext_lazy("Placed on"), kind="date", sort="placed_at", value=_placed_on),
            Column(
                "review_on",
                gettext_lazy("Look again on"),
                kind="date",
                sort="review_on",
                value=lambda row: row["review_on"] if row["lifted_at"] is None else None,
            ),
            Column("cover_count", gettext_lazy("Items"), kind="number"),
            Column("state", gettext_lazy("State"), kind="badge", value=lambda row: _state_of(row, today)),
        ],
        filters=[
            Filter("kind", gettext_lazy("Kind"), choices=HoldKind.choices),
            Filter(
                "standing",
                gettext_lazy("State"),
                choices=(("yes", pgettext_lazy("hold", "Stands")), ("no", pgettext_lazy("hold", "Lifted"))),
                apply=_standing,
            ),
            Filter("review_on", gettext_lazy("Look again on"), kind="date_range"),
        ],
        search=("title", "basis"),
        order=("lifted_at", "review_on"),
        empty={
            "title": _("No hold"),
            "text": _("A hold keeps from disposal what a case, an audit or a petition needs."),
        },
    )
    return page.respond("records/holds/holds.html", {})


@door(rules.may_enter, methods=("GET",))
def hold_page(request: HttpRequest, hold_id: int) -> HttpResponseBase:
    """One hold: why, by whom, until when, and the items it covers today."""
    hold = _seen(hold_id)
    by = actor_of(request)
    page = ListPage(
        request,
        name="records.hold_items",
        rows=queries.covered(hold_id).values("id", "code", "title", "class_code", "year", "state", "retain_until"),
        columns=[
            Column(
                "code",
                gettext_lazy("Archival code"),
                is_main=True,
                sort="code",
                style="tight",
                link=lambda row: reverse("records:archival_item", args=[row["id"]]),
            ),
            Column("title", gettext_lazy("Title"), style="cut"),
            Column("class_code", gettext_lazy("Class"), style="tight", sort="class_code"),
            Column("year", gettext_lazy("Year"), kind="number", sort="year"),
            Column("retain_until", gettext_lazy("Kept until"), kind="date", sort="retain_until"),
            Column("state", gettext_lazy("State"), kind="badge", codes=dict(ItemState.choices)),
        ],
        filters=[Filter("state", gettext_lazy("State"), choices=ItemState.choices)],
        search=("code", "title"),
        order="code",
        empty={"title": _("Nothing yet"), "text": _("What is filed later and falls under this hold is held as well.")},
    )
    singles = queries.single_items(hold_id)
    context = {
        "hold": hold,
        "kind_tone": TONES[HoldKind(hold.kind)],
        "facts": _facts(hold),
        "covers": [_cover_words(one) for one in queries.covers(hold_id)],
        "singles": ngettext("%(n)d item named one by one", "%(n)d items named one by one", singles) % {"n": singles}
        if singles
        else "",
        "is_due": hold.lifted_at is None and hold.review_on <= clock.today(),
        "is_own": by.person_id == hold.placed_person_id,
        "entries": journal.timeline(hold),
        "trail": [(reverse("records:holds"), pgettext("hold on archives", "Holds")), ("", hold.title)],
    }
    return page.respond("records/holds/hold.html", context)


@door(rules.may_enter)
def place(request: HttpRequest) -> HttpResponse:
    """Place a hold; from an item's page with its code filled in."""
    item = archive.item(int(asked)) if (asked := request.GET.get("item", "")).isdecimal() else None
    first = {"codes": item.code} if item else {}
    form = HoldForm(request.POST or None, request.FILES or None, initial=first)

    def act(given: dict[str, Any], **who: Any) -> Hold:
        wanted = ("kind", "title", "reason", "basis", "review_on", "covers")
        return services.place_hold(**{name: given[name] for name in wanted}, **who)

    return _form(
        request,
        form,
        act,
        title=_("Place a hold"),
        done=_("The hold stands."),
        note=_("Nothing it covers is destroyed or transferred until another keeper lifts it."),
    )


@door(rules.may_enter)
def widen(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Let a hold cover more."""
    hold = _seen(hold_id)
    form = CoverForm(request.POST or None, request.FILES or None)

    def act(given: dict[str, Any], **who: Any) -> Hold:
        return services.add_covers(hold_id=hold.pk, covers=given["covers"], **who)

    return _form(request, form, act, hold=hold, title=_("Cover more"), done=_("The hold covers more now."))


@door(rules.may_enter)
def review(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Say that a hold is still needed."""
    hold = _seen(hold_id)
    form = ReviewForm(request.POST or None)

    def act(given: dict[str, Any], **who: Any) -> Hold:
        return services.review_hold(hold_id=hold.pk, **given, **who)

    return _form(request, form, act, hold=hold, title=_("Still needed"), done=_("Written down."))


@door(rules.may_enter)
def lift(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Lift a hold that another keeper placed."""
    hold = _seen(hold_id)
    form = LiftForm(request.POST or None, initial={"version": hold.version})

    def act(given: dict[str, Any], **who: Any) -> Hold:
        return services.lift_hold(hold_id=hold.pk, reason=given["reason"], seen_version=given["version"], **who)

    return _form(
        request,
        form,
        act,
        hold=hold,
        title=_("Lift the hold"),
        done=_("The hold is lifted."),
        note=_("What it covered may be disposed of again, unless another hold covers it."),
        tone="danger",
    )


def _form(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[..., Hold],
    *,
    title: str,
    done: str,
    hold: Hold | None = None,
    note: str = "",
    tone: str = "",
) -> HttpResponse:
    """One act on a hold: its form, its service, its refusal at the field."""
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, done)
            return redirect("records:hold", hold_id=made.pk)
    trail = [(reverse("records:holds"), pgettext("hold on archives", "Holds"))]
    cancel = reverse("records:holds")
    if hold is not None:
        cancel = reverse("records:hold", args=[hold.pk])
        trail.append((cancel, hold.title))
    context = {"form": form, "title": title, "note": note, "tone": tone, "cancel": cancel, "widths": WIDTHS}
    context["trail"] = [*trail, ("", title)]
    return render(request, "records/holds/form.html", context, status=422 if form.errors else 200)


def _seen(hold_id: int) -> Hold:
    hold = queries.hold(hold_id)
    if hold is None:
        raise Http404
    return hold


def _placed_on(row: Any) -> Any:
    return timezone.localtime(row["placed_at"]).date()


def _state_of(row: Any, today: Any) -> str:
    if row["lifted_at"] is not None:
        return _("Lifted")
    return _("To be looked at again") if row["review_on"] <= today else _("Stands")


def _facts(hold: Hold) -> list[tuple[str, str]]:
    facts = [
        (_("Kind"), HoldKind(hold.kind).label),
        (_("Reason"), hold.reason),
        (_("Basis"), hold.basis),
        (_("Placed by"), words(hold.placed_person) if hold.placed_person else ""),
        (_("Placed on"), timezone.localtime(hold.placed_at).date().isoformat()),
    ]
    if hold.lifted_at is None:
        facts.append((_("Look again on"), hold.review_on.isoformat()))
    else:
        facts += [
            (_("Lifted by"), words(hold.lifted_person) if hold.lifted_person else ""),
            (_("Lifted on"), timezone.localtime(hold.lifted_at).date().isoformat()),
            (_("Because"), hold.lifted_reason),
        ]
    return [(str(name), str(value)) for name, value in facts]


def _cover_words(cover: HoldCover) -> str:
    said = [_("Fonds %(code)s") % {"code": cover.fonds.code if cover.fonds else ""}]
    if cover.class_code:
        said.append(_("class %(code)s and below") % {"code": cover.class_code})
    if cover.unit:
        said.append(_("%(unit)s and below") % {"unit": words(cover.unit)})
    match cover.from_year, cover.to_year:
        case None, None:
            pass
        case first, None:
            said.append(_("from %(first)d") % {"first": first})
        case None, last:
            said.append(_("until %(last)d") % {"last": last})
        case first, last:
            said.append(f"{first}–{last}")
    return " · ".join(said)
