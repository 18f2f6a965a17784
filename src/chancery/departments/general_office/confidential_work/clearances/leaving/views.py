"""Pages of leavers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.confidential_work.carriers.views import TEMPLATES, trail
from chancery.departments.general_office.confidential_work.clearances.forms import HandingOnForm, LeavingForm
from chancery.departments.general_office.confidential_work.clearances.leaving import queries, rules, services
from chancery.departments.general_office.confidential_work.clearances.leaving.models import Leaving
from chancery.departments.general_office.confidential_work.clearances.terms import LEAVING_TONES, LeavingState
from chancery.departments.general_office.confidential_work.forms import Act, ReasonForm, answer
from chancery.departments.general_office.confidential_work.rules import is_officer, keeps_secrets
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal.queries import timeline
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words


@door(keeps_secrets, methods=("GET",))
def leavings(request: HttpRequest) -> HttpResponseBase:
    """Clearing lists."""
    by = actor_of(request)
    page = ListPage(
        request,
        name="general_office.leavings",
        rows=queries.listed(),
        columns=[
            Column("who", gettext_lazy("Person"), is_main=True, link=_address, value=lambda row: words(row, "who")),
            Column("last_day", gettext_lazy("Last day"), kind="deadline", sort="last_day"),
            Column("cooling_until", gettext_lazy("Cooling-off until"), kind="date", sort="cooling_until"),
            Column("state", gettext_lazy("State"), kind="badge", codes=dict(LeavingState.choices), tones=LEAVING_TONES),
        ],
        filters=[Filter("state", gettext_lazy("State"), choices=LeavingState.choices)],
        search=("person__name_en", "person__name_zh"),
        order=("-opened_at", "-id"),
        caption=_("Leavers"),
        empty={"symbol": "logout", "title": _("Nobody is leaving"), "text": ""},
    )
    links = []
    if is_officer(by):
        links.append((reverse("general_office:clearance_leaving_new"), _("Somebody leaves"), "plus"))
    return page.respond(
        f"{TEMPLATES}list.html", {"title": _("Leavers"), "links": links, "trail": trail((None, _("Leavers")))}
    )


def _address(row: Any) -> str:
    return reverse("general_office:clearance_leaving", args=[row["id"]])


@door(rules.may_open)
def new(request: HttpRequest) -> HttpResponse:
    """Open the clearing list of somebody who goes."""
    by = actor_of(request)
    form = LeavingForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                made = services.open_leaving(
                    person_id=said["person"], last_day=said["last_day"], reason=said["reason"], by=by, at=clock.now()
                )
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _("The clearing list is open."))
                return redirect("general_office:clearance_leaving", made.pk)
    back = reverse("general_office:clearance_leavings")
    context = {
        "form": form,
        "title": _("Somebody leaves"),
        "back": back,
        "trail": trail((back, _("Leavers")), (None, _("New"))),
    }
    return render(request, f"{TEMPLATES}form.html", context, status=status)


@door(staff)
def leaving(request: HttpRequest, leaving_id: int) -> HttpResponse:
    """One leaver: what is still out, asked now."""
    by = actor_of(request)
    found = queries.leaving(leaving_id)
    if found is None:
        raise Http404
    here = reverse("general_office:clearance_leaving", args=[found.pk])
    out = queries.outstanding(found)
    is_open = found.state == LeavingState.OPEN
    notes = []
    if is_open and (out.carriers or out.loans):
        notes.append(("red", str(rules.has_nothing_out(out.carriers, out.loans).reason)))
    elif is_open and out.is_nothing:
        notes.append(("green", _("Nothing is out: the person can be cleared.")))
    handed = f"{words(found.handed_to)} · {found.handed_note}" if found.handed_to else ""
    context = {
        "title": words(found.person),
        "marks": [(found.get_state_display(), LEAVING_TONES[found.state])],  # type: ignore[index]  # codes are the enum's
        "notes": notes,
        "facts_title": _("Clearing list"),
        "facts": [
            (_("Last day"), found.last_day),
            (_("Reason"), found.reason),
            (_("Carriers out"), "; ".join(out.carriers) if is_open else ""),
            (_("Loans out"), "; ".join(out.loans) if is_open else ""),
            (_("Matters handed on"), handed),
            (_("Cooling-off until"), found.cooling_until),
            (_("Cleared by"), words(found.cleared_person) if found.cleared_person else ""),
        ],
        "entries": timeline(found) if keeps_secrets(by) else None,
        "trail": trail((reverse("general_office:clearance_leavings"), _("Leavers")), (None, words(found.person))),
    }
    return answer(request, f"{TEMPLATES}page.html", context, _acts(found, by), here)


def _acts(found: Leaving, by: Actor) -> list[Act]:
    if not rules.may_keep(by, found):
        return []
    at = clock.now()
    pk = found.pk
    return [
        Act(
            "hand_on", _("Matters handed on"),
            lambda said: services.note_handing_on(
                leaving_id=pk, handed_to_id=said["handed_to"], note=said["handed_note"], by=by, at=at
            ),
            _("Noted."), form_class=HandingOnForm,
        ),
        Act(
            "clear", _("Clear the leaver"), lambda _said: services.clear_leaver(leaving_id=pk, by=by, at=at),
            _("Cleared; the cooling-off period runs."), tone="main",
            ask=_("The clearance ends and the cooling-off period begins."),
        ),
        Act(
            "withdraw", _("The person stays"),
            lambda said: services.withdraw_leaving(leaving_id=pk, reason=said["reason"], by=by, at=at),
            _("The clearing list is withdrawn."), form_class=ReasonForm,
        ),
    ]  # fmt: skip
