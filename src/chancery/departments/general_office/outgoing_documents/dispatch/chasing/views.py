"""Pages of chasing: the list, urging in bulk, a receipt by hand, an explanation, a recall."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chancery.departments.general_office.outgoing_documents.dispatch import queries as dispatch
from chancery.departments.general_office.outgoing_documents.dispatch.chasing import queries, services
from chancery.departments.general_office.outgoing_documents.dispatch.chasing.forms import ReasonForm, ReceiptForm
from chancery.departments.general_office.outgoing_documents.dispatch.terms import (
    TONES,
    WAITING,
    Channel,
    DeliveryState,
)
from chancery.departments.general_office.outgoing_documents.dispatch.views import back_to, copy_found, trail
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Bulk, Column, Filter, ListPage

STATES = dict(DeliveryState.choices)


def _columns() -> list[Column]:
    def page(row: Any) -> str:
        return reverse("general_office:outgoing_document", args=[row["document_id"]]) + "#dispatch"

    return [
        Column("name", gettext_lazy("Addressee"), sort="name", link=page, is_main=True, style="cut"),
        Column("number", gettext_lazy("Number"), sort="number", link=page, style="tight"),
        Column("title", gettext_lazy("Title"), style="cut"),
        Column("channel", gettext_lazy("Goes"), codes=dict(Channel.choices), sort="channel", style="tight"),
        Column(
            "state", gettext_lazy("State"), kind="badge", codes=dict(DeliveryState.choices), tones=TONES, sort="state"
        ),
        Column("sent_at", gettext_lazy("Sent"), kind="date", sort="sent_at"),
        Column("due_on", gettext_lazy("Receipt due"), kind="deadline", sort="due_on"),
        Column("urged_count", gettext_lazy("Urged"), kind="number", sort="urged_count"),
        Column("urged_at", gettext_lazy("Last urged"), kind="date", is_shown=False),
        Column("end_reason", gettext_lazy("Failed because"), is_shown=False, style="cut"),
    ]


@door(dispatch.may_dispatch, methods=("GET",))
def chase(request: HttpRequest) -> HttpResponseBase:
    """Copies whose receipt is not in, and those that failed."""
    today = clock.today()
    states = [(code, words) for code, words in STATES.items() if code in {*WAITING, DeliveryState.FAILED}]
    page = ListPage(
        request,
        name="general_office.chase",
        rows=queries.chase_list(today),
        columns=_columns(),
        filters=[
            Filter("state", gettext_lazy("State"), choices=states),
            Filter("channel", gettext_lazy("Goes"), choices=Channel.choices),
            Filter("due_on", gettext_lazy("Receipt due"), kind="date_range"),
            Filter(
                "late",
                gettext_lazy("Overdue or failed"),
                kind="flag",
                apply=lambda rows, _v: queries.overdue(rows, today),
            ),
        ],
        search=queries.find,
        order=("due_on", "id"),
        caption=_("Receipts that are not in"),
        bulk=[Bulk(reverse("general_office:outgoing_urge"), _("Urge"))],
        empty={
            "symbol": "mail-check",
            "title": _("Every receipt is in"),
            "text": _("Copies appear here from the moment they are sent until their receipt is in or explained."),
        },
        row_css=lambda row: "is-late" if row["state"] == "FAILED" or row.get("due_on_lateness") == "RED" else "",
    )
    return page.respond("general_office/outgoing_documents/dispatch/chase.html", {})


@door(dispatch.may_dispatch, methods=("POST",))
def urge(request: HttpRequest) -> HttpResponseBase:
    """Urge those picked, in the list or on the document's page."""
    picked = [int(one) for one in request.POST.getlist("pick") if one.isdecimal()]
    if not picked:
        raise Refused(_("Pick the copies whose receipt you want to urge."))
    note = request.POST.get("note", "")[:300]
    done = services.urge(delivery_ids=picked, note=note, by=actor_of(request), at=clock.now())
    if done.names:
        n = len(done.names)
        words = ngettext("%(n)d addressee urged: %(names)s.", "%(n)d addressees urged: %(names)s.", n)
        messages.success(request, words % {"n": n, "names": "; ".join(done.names[:5]) + (" …" if n > 5 else "")})
    for refused in done.refused[:5]:
        messages.warning(request, refused)
    document_id = request.POST.get("document", "")
    return back_to(int(document_id)) if document_id.isdecimal() else redirect("general_office:outgoing_chase")


@door(dispatch.may_dispatch)
def receipt(request: HttpRequest, delivery_id: int) -> HttpResponseBase:
    """Note a receipt that came on paper or by telephone."""
    delivery = copy_found(delivery_id)
    form = ReceiptForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.note_receipt(delivery_id=delivery.pk, **form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Receipt of %(name)s noted.") % {"name": delivery.name})
            return back_to(delivery.document_id)
    context = {"delivery": delivery, "document": delivery.document, "form": form, "trail": trail(delivery.document)}
    status = 422 if request.method == "POST" else 200
    return render(request, "general_office/outgoing_documents/dispatch/receipt.html", context, status=status)


@door(dispatch.may_dispatch, methods=("POST",))
def explain(request: HttpRequest, delivery_id: int) -> HttpResponseBase:
    """Say why no receipt will come."""
    delivery = copy_found(delivery_id)
    services.explain(delivery_id=delivery.pk, reason=_reason(request), by=actor_of(request), at=clock.now())
    messages.success(request, _("Explained: no receipt is awaited from %(name)s any more.") % {"name": delivery.name})
    return back_to(delivery.document_id)


@door(dispatch.may_dispatch, methods=("POST",))
def recall(request: HttpRequest, delivery_id: int) -> HttpResponseBase:
    """Take an unread copy back."""
    delivery = copy_found(delivery_id)
    services.recall_copy(delivery_id=delivery.pk, reason=_reason(request), by=actor_of(request), at=clock.now())
    messages.success(request, _("The copy for %(name)s was recalled before it was opened.") % {"name": delivery.name})
    return back_to(delivery.document_id)


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Give a reason."), field="reason")
    return str(form.cleaned_data["reason"])
