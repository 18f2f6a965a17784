"""Closed petitions: what is to be filed, and filing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from chancery.departments.general_office.petitions.keeping import queries, rules, services
from chancery.departments.general_office.petitions.keeping.forms import FileForm
from chancery.departments.general_office.petitions.terms import TONES, Kind, State
from chancery.departments.general_office.petitions.views import seen, trail
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Bulk, Column, Filter, ListPage

TEMPLATES = "general_office/petitions/"


def _address(row: Any) -> str:
    return reverse("general_office:petition", args=[row["id"]])


@door(rules.may_file, methods=("GET",))
def to_file(request: HttpRequest) -> HttpResponseBase:
    """Closed petitions that are not in the archive."""
    page = ListPage(
        request,
        name="general_office.petitions_to_file",
        rows=queries.to_be_filed(),
        columns=[
            Column("number", gettext_lazy("Number"), style="tight", link=_address, sort="number"),
            Column("title", gettext_lazy("Title"), is_main=True, style="cut", link=_address),
            Column("kind", gettext_lazy("Kind"), codes=dict(Kind.choices), style="tight"),
            Column("state", gettext_lazy("State"), kind="badge", codes=dict(State.choices), tones=TONES),
            Column("closed_day", gettext_lazy("Closed"), kind="datetime", sort="closed_day"),
        ],
        bulk=[Bulk(reverse("general_office:petitions_file_away"), gettext_lazy("File as the plan proposes"))],
        filters=[Filter("kind", gettext_lazy("Kind"), choices=Kind.choices)],
        search=("number",),
        order=("closed_day", "id"),
        caption=_("Closed petitions to be filed"),
        empty={"symbol": "archive", "title": _("Everything closed was filed"), "text": ""},
    )
    context = {"title": _("Closed petitions to be filed"), "trail": trail(("", _("To be filed")))}
    return page.respond(f"{TEMPLATES}list.html", context)


@door(rules.may_file, methods=("POST",))
def file_several(request: HttpRequest) -> HttpResponse:
    """File those picked in the list, as the plan proposes."""
    picked = [int(one) for one in request.POST.getlist("pick") if one.isdecimal()]
    if not picked:
        raise Refused(_("Pick the petitions to be filed."))
    done = services.file_petitions(petition_ids=picked, by=actor_of(request), at=clock.now())
    if done.codes:
        n = len(done.codes)
        messages.success(request, ngettext("%(n)d petition filed.", "%(n)d petitions filed.", n) % {"n": n})
    for refused in done.refused[:5]:
        messages.warning(request, refused)
    return redirect("general_office:petitions_to_file")


@door(rules.may_file)
def file(request: HttpRequest, petition_id: int) -> HttpResponse:
    """File one: class and period as the plan proposes, or others."""
    found, at = seen(petition_id), clock.now()
    if queries.item_of(found.pk) is not None:
        return redirect("general_office:petition", found.pk)
    form = FileForm(request.POST or None, thing=queries.thing_of(found, clock.date_of(at)))
    if request.method == "POST" and form.is_valid():
        try:
            item = services.file_petition(petition_id=found.pk, **form.cleaned_data, by=actor_of(request), at=at)
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Filed as %(code)s.") % {"code": item.code})
            return redirect("general_office:petition", found.pk)
    context = {
        "form": form,
        "petition": found,
        "title": _("File the petition"),
        "submit": pgettext("petition", "File"),
        "note": _(
            "What its sender wrote stays sealed where it lies; the item holds the issued letters and the register."
        ),
        "back": reverse("general_office:petition", args=[found.pk]),
        "trail": trail(("", _("File the petition")), petition=found),
    }
    return render(request, f"{TEMPLATES}form.html", context, status=422 if form.errors else 200)
