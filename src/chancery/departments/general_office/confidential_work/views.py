"""The desk of confidential work: what waits, what one holds, where the registers are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work import queries as desk
from chancery.departments.general_office.confidential_work.carriers import queries as carriers
from chancery.departments.general_office.confidential_work.carriers.terms import CopyState, level_words
from chancery.departments.general_office.confidential_work.clearances import queries as clearances
from chancery.departments.general_office.confidential_work.clearances.terms import STATE_TONES
from chancery.departments.general_office.confidential_work.forms import Table
from chancery.departments.general_office.confidential_work.rules import keeps_secrets
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.web.door import actor_of, door, staff


@door(staff, methods=("GET",))
def confidential(request: HttpRequest) -> HttpResponse:
    """The desk. Whoever asks sees what concerns them; officer and authority see all of it."""
    by = actor_of(request)
    own = clearances.mine(by.person_id)
    context = {
        "waiting": [line for line in desk.waiting(by, clock.now()) if line.count],
        "registers": desk.registers(by),
        "held": _held(by),
        "clearance": own,
        "clearance_tone": STATE_TONES.get(own.state, "neutral") if own else "",  # type: ignore[call-overload]  # codes are the enum's
        "keeps": bool(keeps_secrets(by)),
        "trail": [(None, _("Confidential work"))],
    }
    return render(request, "general_office/confidential_work/desk/hub.html", context)


def _held(by: Actor) -> Table:
    heads = [_("Carrier"), _("Alias"), _("Copy"), _("Level"), _("Kept at"), _("State")]
    states = dict(CopyState.choices)
    rows = []
    for row in carriers.held_by(by.person_id):
        state: dict[str, Any] = {"text": states[row["state"]], "tone": "blue"}
        if row["state"] == CopyState.MISSING:
            state["tone"] = "red"
        elif row["moving_id"]:
            state = {
                "text": _("on its way"),
                "url": reverse("general_office:carrier_receipt", args=[row["moving_id"]]),
            }
        cells = [
            {
                "text": row["carrier__number"],
                "url": reverse("general_office:carrier", args=[row["carrier_id"]]),
            },
            {"text": row["carrier__alias"]},
            {"text": row["number"]},
            {"text": level_words()[row["carrier__level"]]},
            {"text": row["place"]},
            state,
        ]
        rows.append({"cells": [{**cell, "head": head} for cell, head in zip(cells, heads, strict=True)]})
    return Table(_("What I hold"), heads, rows, _("You hold no carrier."))
