"""Pages of openings, for those who propose and decide."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.departments.general_office.archives.openings import forms, queries, rules, services
from chancery.departments.general_office.archives.openings.terms import (
    ROW_TONES,
    SIDE_WORDS,
    VERDICT_TONES,
    OpenVerdict,
    RowState,
)
from chancery.foundations import clock
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse

TEMPLATES = "general_office/archives/openings"


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (reverse("general_office:archives"), _("Archives")),
        (reverse("general_office:openings"), _("Openings")),
        *more,
    ]


@door(rules.may_look, methods=("GET",))
def openings(request: HttpRequest) -> HttpResponse:
    """Every list, and what is open."""
    by = actor_of(request)
    context = {
        "rows": queries.lists(),
        "may_propose": bool(rules.may_propose(by, None)),
        "open": queries.open_records()[:20],
        "how_many": queries.open_records().count(),
        "trail": [*_trail()[:1], ("", _("Openings"))],
    }
    return render(request, f"{TEMPLATES}/openings.html", context)


@door(lambda by: rules.may_propose(by, None))
def propose(request: HttpRequest) -> HttpResponse:
    """Choose what is old enough."""
    by, today = actor_of(request), clock.today()
    years = int(rulebook.number("archives.opening.years", on=today))
    known = queries.all_fonds()
    asked = request.POST.get("fonds") or request.GET.get("fonds") or ""
    fonds_id = int(asked) if asked.isdecimal() and len(asked) < 12 else (known[0]["id"] if known else 0)
    until = rules.latest_day(today, years)
    form = forms.ProposeForm(request.POST or None, until=until, fonds_id=fonds_id, initial={"fonds": fonds_id})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.propose_opening(
                fonds_id=given["fonds"], item_ids=given["items"], note=given["note"], by=by, at=clock.now()
            )
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            return redirect("general_office:opening", made.pk)
    context = {
        "form": form,
        "years": years,
        "until": until,
        "several": len(known) > 1,
        "trail": _trail(("", _("Propose an opening"))),
    }
    return render(request, f"{TEMPLATES}/propose.html", context)


@door(rules.may_look)
def opening(request: HttpRequest, opening_id: int) -> HttpResponse:
    """One list; whoever decides does so here, item by item."""
    by = actor_of(request)
    found = queries.opening(opening_id)
    if found is None:
        raise Http404
    rows = queries.rows_of(opening_id)
    side = rules.side_of(by, found.fonds.keeper_unit_id)
    may = side if rules.may_decide(by, side, made_person_id=found.made_person_id) else ""
    mine = [row for row in rows if may and row["state"] == RowState.PROPOSED and not row[f"{side}_verdict"]]
    form = forms.DecideForm(request.POST or None, rows=mine)
    if request.method == "POST" and form.is_valid():
        try:
            counted = services.decide_opening(opening_id=opening_id, verdicts=form.verdicts(), by=by, at=clock.now())
        except Refused as refusal:
            undo(request)
            form.add_error(None, str(refusal))
        else:
            n = sum(counted.values())
            messages.success(request, ngettext("%(n)s item decided.", "%(n)s items decided.", n) % {"n": n})
            return redirect("general_office:opening", opening_id)
    for row in rows:
        row["state_words"], row["tone"] = RowState(row["state"]).label, ROW_TONES[row["state"]]
        row["said"] = [
            (SIDE_WORDS[one], OpenVerdict(row[f"{one}_verdict"]).label, VERDICT_TONES[row[f"{one}_verdict"]],
             row[f"{one}_reason"])
            for one in SIDE_WORDS if row[f"{one}_verdict"]
        ]  # fmt: skip
        if row in mine:
            row["verdict"], row["reason"] = form[f"verdict_{row['id']}"], form[f"reason_{row['id']}"]
    context = {
        "opening": found,
        "rows": rows,
        "form": form,
        "may": may,
        "side": SIDE_WORDS.get(may, ""),
        "waits": bool(mine),
        "matter": queries.matter_of_opening(opening_id),
        "trail": _trail(("", clock.date_of(found.made_at).isoformat())),
    }
    return render(request, f"{TEMPLATES}/opening.html", context)


@door(rules.may_look)
def close(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take an item back from the public."""
    by = actor_of(request)
    record = queries.closable(item_id)
    if record is None:
        raise Http404
    form = forms.CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_again(item_id=item_id, reason=form.cleaned_data["reason"], by=by, at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("%(code)s is closed to the public again.") % {"code": record.code})
            return redirect("general_office:openings")
    context = {"form": form, "record": record, "trail": _trail(("", record.code))}
    return render(request, f"{TEMPLATES}/close.html", context)
