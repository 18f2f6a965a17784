"""Pages of receipts: opened by the giver, confirmed by the others in their own sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.confidential_work.carriers import queries as carriers
from chancery.departments.general_office.confidential_work.carriers import rules as carrier_rules
from chancery.departments.general_office.confidential_work.carriers.forms import CountedForm, HandOverForm
from chancery.departments.general_office.confidential_work.carriers.receipts import queries, rules, services
from chancery.departments.general_office.confidential_work.carriers.receipts.models import CarrierReceipt
from chancery.departments.general_office.confidential_work.carriers.terms import RECEIPT_TONES, CopyState, ReceiptState
from chancery.departments.general_office.confidential_work.carriers.views import TEMPLATES, trail
from chancery.departments.general_office.confidential_work.forms import Act, ReasonForm, answer
from chancery.foundations import clock, typeset
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words


@door(staff, methods=("GET",))
def receipts(request: HttpRequest) -> HttpResponseBase:
    """Receipts: one's own; all for officer and authority."""
    page = ListPage(
        request,
        name="general_office.carrier_receipts",
        rows=queries.listed(),
        columns=[
            Column("number", gettext_lazy("Receipt number"), is_main=True, link=_address, sort="number"),
            Column("carrier_alias", gettext_lazy("Carrier")),
            Column("count", gettext_lazy("Copies"), kind="number"),
            Column("giver", gettext_lazy("From"), value=lambda row: words(row, "giver")),
            Column("receiver", gettext_lazy("To"), value=lambda row: words(row, "receiver")),
            Column("given_at", gettext_lazy("Opened"), kind="datetime", sort="given_at"),
            Column("state", gettext_lazy("State"), kind="badge", codes=dict(ReceiptState.choices), tones=RECEIPT_TONES),
        ],
        filters=[Filter("state", gettext_lazy("State"), choices=ReceiptState.choices)],
        search=("number", "carrier__alias", "carrier__number"),
        order=("-given_at", "-id"),
        caption=_("Receipts"),
        empty={"symbol": "file-check", "title": _("No receipt yet"), "text": ""},
    )
    return page.respond(f"{TEMPLATES}list.html", {"title": _("Receipts"), "trail": trail((None, _("Receipts")))})


def _address(row: Any) -> str:
    return reverse("general_office:carrier_receipt", args=[row["id"]])


@door(staff)
def hand_over(request: HttpRequest, carrier_id: int) -> HttpResponse:
    """Hand copies of a carrier that one holds over to somebody."""
    by = actor_of(request)
    carrier = carriers.carrier(carrier_id)
    if carrier is None:
        raise Http404
    own = [
        (row["id"], _("Copy %(number)s · %(place)s") % {"number": row["number"], "place": row["place"]})
        for row in carriers.copies(carrier_id)
        if row["holder_id"] == by.person_id and row["state"] == CopyState.HELD and row["moving_id"] is None
    ]
    form = HandOverForm(request.POST or None, copies=own, is_two=carrier_rules.needs_two(carrier))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                made = services.hand_over(
                    carrier_id=carrier_id, copy_ids=[int(one) for one in said["copies"]],
                    receiver_post_id=said["receiver"], escort_post_id=said["escort"], place=said["place"],
                    note=said["note"], by=by, at=clock.now(),
                )  # fmt: skip
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(
                    request, _("%(number)s is open: the receiver counts and confirms.") % {"number": made.number}
                )
                return redirect("general_office:carrier_receipt", made.pk)
    here = reverse("general_office:carrier", args=[carrier_id])
    context = {
        "form": form,
        "title": _("Hand over %(alias)s") % {"alias": carrier.alias},
        "back": here,
        "trail": trail((here, carrier.number), (None, _("Hand over copies"))),
        "note": "" if own else _("You hold no copy of it that could be handed over now."),
    }
    return render(request, f"{TEMPLATES}form.html", context, status=status)


@door(staff)
def receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """One receipt, and what it waits for."""
    by = actor_of(request)
    found = queries.receipt(receipt_id)
    if found is None:
        raise Http404
    here = reverse("general_office:carrier_receipt", args=[found.pk])
    context = {
        "title": _("Receipt %(number)s") % {"number": found.number},
        "marks": [(found.get_state_display(), RECEIPT_TONES[found.state])],  # type: ignore[index]  # codes are the enum's
        "facts_title": found.carrier.alias,
        "facts": queries.facts(found),
        "links": [(reverse("general_office:carrier_receipt_pdf", args=[found.pk]), _("Receipt (PDF)"), "printer")],
        "notes": _notes(found, by),
        "trail": trail((reverse("general_office:carrier_receipts"), _("Receipts")), (None, found.number)),
        "entries": None,
    }
    return answer(request, f"{TEMPLATES}page.html", context, _acts(found, by), here)


def _notes(found: CarrierReceipt, by: Actor) -> list[tuple[str, str]]:
    if found.state != ReceiptState.OPEN:
        return []
    if found.escort_id and found.escorted_at is None:
        if by.person_id == found.escort_id:
            return [("amber", _("You are the second person of this move: confirm that you go with it."))]
        return [("", _("Waits for the second person of the move to confirm."))]
    if by.person_id == found.receiver_id:
        return [("amber", _("Count what arrived, then confirm. From then on you answer for it."))]
    return [("", _("Waits for the receiver to count and confirm, in their own session."))]


def _acts(found: CarrierReceipt, by: Actor) -> list[Act]:
    at = clock.now()
    acts = []
    if rules.may_escort(by, found):
        acts.append(
            Act("escort", _("I go with it"), lambda _said: services.confirm_escort(receipt_id=found.pk, by=by, at=at),
                _("Confirmed."), tone="main")
        )  # fmt: skip
    if rules.may_receive(by, found):
        acts.append(
            Act(
                "confirm", _("Confirm the receipt"),
                lambda said: services.confirm_receipt(receipt_id=found.pk, counted=said["counted"], by=by, at=at),
                _("Confirmed: the copies are yours to answer for."), form_class=CountedForm, tone="main",
            )
        )  # fmt: skip
    if rules.is_open(found) and by.person_id in (found.receiver_id, found.escort_id):
        acts.append(
            Act(
                "refuse", _("Refuse"),
                lambda said: services.refuse_receipt(receipt_id=found.pk, reason=said["reason"], by=by, at=at),
                _("Refused: it stays with the giver."), form_class=ReasonForm, tone="danger",
            )
        )  # fmt: skip
    if rules.may_withdraw(by, found):
        acts.append(
            Act(
                "withdraw", _("Withdraw"),
                lambda said: services.withdraw_receipt(receipt_id=found.pk, reason=said["reason"], by=by, at=at),
                _("Withdrawn: you keep it."), form_class=ReasonForm, tone="danger",
            )
        )  # fmt: skip
    return acts


@door(staff, methods=("GET",))
def receipt_pdf(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The receipt on paper: alias, numbers, who gave and who took."""
    found = queries.receipt(receipt_id)
    if found is None:
        raise Http404
    data = carriers.paper(
        "receipt",
        _("Receipt %(number)s") % {"number": found.number},
        facts=[(str(name), str(value or "—")) for name, value, *_more in queries.facts(found)],
        blanks=[_("Given by"), _("Received by")],
    )
    response = HttpResponse(
        typeset.pdf(carriers.TYPST, data, language=data["language"]), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="receipt-{found.pk}.pdf"'
    return response
