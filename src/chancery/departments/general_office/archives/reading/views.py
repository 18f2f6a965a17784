"""Asking, the list of requests, the reading room, copies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.archives.reading import queries, rules, services
from chancery.departments.general_office.archives.reading.copies import queries as copies
from chancery.departments.general_office.archives.reading.forms import AskForm
from chancery.departments.general_office.archives.reading.models import ReadingRequest
from chancery.departments.general_office.archives.reading.rules import NoSuchItem
from chancery.departments.general_office.archives.reading.terms import TONES, State
from chancery.foundations import clock
from chancery.foundations.content_store import MissingContent
from chancery.foundations.papers import Unacceptable
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.kernel.access.readings.views import was_read
from chancery.kernel.records.archive import queries as archive
from chancery.kernel.records.files.queries import shown_pages
from chancery.kernel.records.models import ItemPart


def _trail(here: Any, *more: tuple[str, Any]) -> list[tuple[str | None, Any]]:
    return [(reverse("general_office:archives"), _("Archives")), *more, (None, here)]


@door(staff, methods=("GET",))
def readings(request: HttpRequest) -> HttpResponseBase:
    """Requests one may see: one's own, and those one decides on."""
    page = ListPage(
        request,
        name="general_office.readings",
        rows=queries.requests(),
        columns=(
            Column("item__code", gettext_lazy("Archival code"), is_main=True, link=_link),
            Column("item__title", gettext_lazy("Title"), style="cut"),
            Column("person__name", gettext_lazy("Reader"), kind="words"),
            Column("state", gettext_lazy("State"), kind="badge", codes=dict(State.choices), tones=TONES, sort="state"),
            Column("asked_at", gettext_lazy("Asked at"), kind="datetime", sort="asked_at"),
            Column("ends_on", gettext_lazy("Lasts to"), kind="date", sort="ends_on"),
        ),
        filters=(Filter("state", gettext_lazy("State"), choices=State.choices),),
        search=("item__code", "item__title", "purpose"),
        order=("-asked_at", "-id"),
        empty={
            "title": _("No requests to show"),
            "text": _("Open an item in the catalogue and ask to read it."),
        },
    )
    return page.respond("general_office/archives/reading/requests.html", {"trail": _trail(_("Requests to read"))})


def _link(row: Any) -> str:
    return reverse("general_office:reading", args=[row["id"]])


@door(staff)
def ask(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ask to read an item."""
    item = archive.item(item_id)
    if item is None:
        raise Http404
    today = clock.today()
    form = AskForm(request.POST or None, initial={"wanted_until": queries.last_day(today)})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.ask_to_read(item_id=item_id, **form.cleaned_data, by=actor_of(request), at=clock.now())
        except NoSuchItem:
            raise Http404 from None
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Your request is on its way."))
            return redirect("general_office:reading", made.pk)
    address = reverse("records:archival_item", args=[item_id])
    context = {
        "form": form,
        "item": item,
        "cancel": address,
        "restricted": rules.is_restricted(item),
        "widths": {"wanted_until": "half"},
        "trail": _trail(_("Ask to read"), (address, item.code)),
    }
    return render(request, "general_office/archives/reading/ask.html", context, status=422 if form.errors else 200)


def _seen(request_id: int) -> ReadingRequest:
    made = queries.request_of(request_id)
    if made is None:
        raise Http404
    return made


@door(staff, methods=("GET",))
def reading(request: HttpRequest, request_id: int) -> HttpResponse:
    """A request; while it is granted, the reading room: every page with the watermark."""
    made = _seen(request_id)
    by, today = actor_of(request), clock.today()
    may_read = bool(rules.may_read(by, made, today))
    parts = []
    if may_read:
        item = made.item
        was_read(request, guard_id=item.content_guard_id, label=item.label, subject=f"records.archivalitem:{item.pk}")
        for part in ItemPart.objects.select_related("file").filter(item_id=item.pk).order_by("position"):
            count = shown_pages(part.file)
            parts.append(
                {
                    "part": part,
                    "pages": range(1, min(count, 200) + 1),
                    "text": "" if count else part.file.text[:200_000],
                }
            )
    context = {
        "made": made,
        "tone": TONES[made.state],
        "may_read": may_read,
        "may_copy": bool(rules.may_copy(by, made, today)),
        "parts": parts,
        "mark": " · ".join(copies.lines(made, clock.now())) if may_read else "",
        "copies": made.copies.select_related("file").order_by("number"),
        "trail": _trail(made.item.code, (reverse("general_office:readings_asked"), _("Requests to read"))),
    }
    response = render(request, "general_office/archives/reading/reading.html", context)
    response["Cache-Control"] = "no-store"
    return response


@door(staff, methods=("GET",))
def page(request: HttpRequest, request_id: int, part_id: int, number: int) -> HttpResponse:
    """One page as a picture, marked."""
    made = _seen(request_id)
    if not rules.may_read(actor_of(request), made, clock.today()):
        raise Http404
    file = copies.file_of_part(made.item_id, part_id)
    if file is None:
        raise Http404
    try:
        drawn = copies.marked_page(file, number, copies.lines(made, clock.now()))
    except (IndexError, MissingContent, Unacceptable):
        raise Http404 from None
    response = HttpResponse(drawn, content_type="image/png")
    response["Cache-Control"] = "no-store"
    return response


@door(staff, methods=("POST",))
def copy(request: HttpRequest, request_id: int, part_id: int) -> HttpResponse:
    """A watermarked copy."""
    try:
        content, row = services.copy_part(request_id=request_id, part_id=part_id, by=actor_of(request), at=clock.now())
    except NoSuchItem:
        raise Http404 from None
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{row.request.item.code}-{row.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response
