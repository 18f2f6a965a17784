"""Pages of transfers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from chancery.departments.general_office.archives.transfers import queries, rules, services
from chancery.departments.general_office.archives.transfers.forms import DrawForm, PackageForm, ReasonForm, ReceiptForm
from chancery.departments.general_office.archives.transfers.models import TransferList
from chancery.departments.general_office.archives.transfers.terms import OPEN, TONES, ListState
from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words
from chancery.kernel.records.packages import queries as packages
from chancery.kernel.records.packages import services as package_services
from chancery.kernel.records.packages.rules import may_take_in

TEMPLATES = "general_office/archives/transfers"
_IN_MEMORY = 8 * 1024 * 1024


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("general_office:transfers"), _("Transfers")), *more]


@door(rules.may_enter, methods=("GET",))
def transfers(request: HttpRequest) -> HttpResponseBase:
    """The lists, latest first, and how much is due."""
    page = ListPage(
        request,
        name="general_office.transfers",
        rows=queries.lists(),
        columns=[
            Column(
                "number",
                gettext_lazy("Number"),
                is_main=True,
                style="tight",
                sort="number",
                link=lambda row: reverse("general_office:transfer", args=[row["id"]]),
            ),
            Column(
                "state", gettext_lazy("State"), kind="badge", codes=dict(ListState.choices), tones=dict(TONES.items())
            ),
            Column("fonds__code", gettext_lazy("Fonds"), sort="fonds__code"),
            Column("authority", gettext_lazy("Authority"), style="cut"),
            Column("items", gettext_lazy("Items"), kind="number"),
            Column("drawn_at", gettext_lazy("Drawn up"), kind="datetime", sort="drawn_at"),
            Column("receipt_number", gettext_lazy("Receipt"), style="tight"),
            Column("receipt_on", gettext_lazy("Date of the receipt"), kind="date", sort="receipt_on"),
            Column("copies_until", gettext_lazy("Copies kept until"), kind="date", sort="copies_until"),
        ],
        filters=[Filter("state", gettext_lazy("State"), choices=ListState.choices)],
        search=("number", "authority", "receipt_number"),
        order="-drawn_at",
        empty={
            "title": _("No transfer lists yet"),
            "text": _("What is due is shown above; an archivist draws a list up."),
        },
    )
    today, by = clock.today(), actor_of(request)
    context = {
        "due": queries.due(today).count(),
        "after": int(rulebook.number("archives.transfer.after", on=today)),
        "may_draw": bool(rules.is_archivist(by)),
        "may_take_in": bool(may_take_in(by)),
    }
    return page.respond(f"{TEMPLATES}/lists.html", context)


@door(rules.may_enter, methods=("GET",))
def due(request: HttpRequest) -> HttpResponseBase:
    """What is due for transfer and on no list."""
    today = clock.today()
    page = ListPage(
        request,
        name="general_office.transfers_due",
        rows=queries.due_rows(today),
        columns=[
            Column(
                "code",
                gettext_lazy("Archival code"),
                is_main=True,
                sort="code",
                link=lambda row: reverse("records:archival_item", args=[row["id"]]),
            ),
            Column("title", gettext_lazy("Title"), style="cut"),
            Column(
                "unit__name",
                gettext_lazy("Unit"),
                value=lambda row: words({"name_en": row["unit__name_en"], "name_zh": row["unit__name_zh"]}, "name"),
            ),
            Column("year", gettext_lazy("Year"), kind="number", sort="year"),
            Column("period", gettext_lazy("Period")),
            Column("document_number", gettext_lazy("Document number"), is_shown=False),
            Column("dated_on", gettext_lazy("Date"), kind="date", sort="dated_on"),
        ],
        filters=[Filter("year", gettext_lazy("Year"), kind="text", lookup="year")],
        search=("code", "title"),
        order="code",
        empty={"title": _("Nothing is due"), "text": _("What is kept for good comes here when its years are over.")},
    )
    context = {"trail": _trail(("", _("Due for transfer"))), "may_draw": bool(rules.is_archivist(actor_of(request)))}
    return page.respond(f"{TEMPLATES}/due.html", context)


@door(rules.is_archivist)
def draw_up(request: HttpRequest) -> HttpResponse:
    """Draw a list up of what is due."""
    today = clock.today()
    choices = [(one.pk, f"{one.code} {words(one, 'name')}") for one in queries.fonds_kept()]
    form = DrawForm(request.POST or None, choices=choices, initial={"through_year": queries.last_year_due(today)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.draw_up(
                fonds_id=given["fonds"],
                through_year=given["through_year"],
                authority=given["authority"],
                note=given["note"],
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            _say(request, form, refusal)
        else:
            messages.success(request, _("The list %(number)s is drawn up.") % {"number": made.number})
            return redirect("general_office:transfer", made.pk)
    context = {
        "form": form,
        "trail": _trail(("", _("Draw up a list"))),
        "title": _("Draw up a transfer list"),
        "submit": _("Draw it up"),
        "cancel": reverse("general_office:transfers"),
        "widths": {"fonds": "half", "through_year": "half"},
    }
    return render(request, f"{TEMPLATES}/form.html", context, status=422 if form.errors else 200)


@door(rules.may_enter, methods=("GET",))
def transfer(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """One list: where it stands, what is on it, what comes next."""
    one, by = _seen(list_id), actor_of(request)
    is_archivist = bool(rules.is_archivist(by, one.fonds.keeper_unit_id))
    page = ListPage(
        request,
        name="general_office.transfer_rows",
        rows=queries.rows_of(one.pk),
        columns=[
            Column(
                "item__code",
                gettext_lazy("Archival code"),
                is_main=True,
                sort="item__code",
                link=lambda row: reverse("records:archival_item", args=[row["item_id"]]),
            ),
            Column("item__title", gettext_lazy("Title"), style="cut"),
            Column("item__year", gettext_lazy("Year"), kind="number", sort="item__year"),
            Column("item__period", gettext_lazy("Period")),
            Column("item__page_count", pgettext_lazy("of a paper", "Pages"), kind="number"),
            *_off(one, is_archivist=is_archivist),
        ],
        search=("item__code", "item__title"),
        order="item__code",
        empty={"title": _("The list is empty"), "text": _("Every item was taken off.")},
    )
    may_release = is_archivist and one.state == ListState.COMPLETED and bool(rules.may_release(one, clock.today()))
    context = {
        "one": one,
        "tones": TONES,
        "facts": _facts(one),
        "is_archivist": is_archivist,
        "may_approve": bool(rules.may_approve(by, one, 1)),
        "is_open": one.state in OPEN,
        "may_release": may_release,
        "packages": list(one.packages.order_by("-made_at")),
        "entries": journal.timeline(one),
        "next": _next(one),
        "matter": queries.matter_of_list(one.pk),
        "trail": _trail(("", one.number)),
    }
    return page.respond(f"{TEMPLATES}/list.html", context)


def _off(one: TransferList, *, is_archivist: bool) -> list[Column]:
    """The column by which an item leaves a list that is being drawn up."""
    if not is_archivist or one.state != ListState.DRAFT:
        return []

    def address(row: Any) -> str:
        return reverse("general_office:transfer_take_off", args=[one.pk, row["id"]])

    return [Column("off", "", value=lambda _row: _("Take off"), link=address, style="tight")]


def _next(one: TransferList) -> str:
    """What is asked now, and of whom."""
    return {
        ListState.DRAFT: _("The archivist looks through the list and submits it."),
        ListState.SUBMITTED: _("The head of the archive approves it, or sends it back."),
        ListState.APPROVED: _(
            "The archivist downloads the package, hands it over, and enters the authority's receipt."
        ),
        ListState.COMPLETED: _("Nothing: the authority has confirmed it."),
        ListState.WITHDRAWN: _("Nothing: the list was given up."),
    }[ListState(one.state)]


def _facts(one: TransferList) -> list[tuple[object, object]]:
    return [
        (_("Fonds"), f"{one.fonds.code} {words(one.fonds, 'name')}"),
        (_("Authority"), one.authority),
        (_("Drawn up by"), words(one.drawn_person, "name") if one.drawn_person else ""),
        (_("Approved by"), words(one.approved_person, "name") if one.approved_person else ""),
        (_("Receipt"), f"{one.receipt_number} ({one.receipt_on})" if one.receipt_number else ""),
        (_("Checksum they confirmed"), one.receipt_sha256),
        (_("Copies kept until"), one.copies_until),
        (_("Copies removed"), clock.date_of(one.released_at).isoformat() if one.released_at else ""),
        (_("Note"), one.note),
        (_("Reason"), one.reason),
    ]


def _act(request: HttpRequest, list_id: int, act: Callable[..., object], said: str) -> HttpResponse:
    act(list_id=list_id, by=actor_of(request), at=clock.now())
    messages.success(request, said)
    return redirect("general_office:transfer", list_id)


@door(rules.is_archivist, methods=("POST",))
def submit(request: HttpRequest, list_id: int) -> HttpResponse:
    """Bring it to the head of the archive."""
    return _act(request, _seen(list_id).pk, services.submit, _("The list is with the head of the archive."))


@door(rules.may_enter, methods=("POST",))
def approve(request: HttpRequest, list_id: int) -> HttpResponse:
    """Agree to the transfer."""
    return _act(request, _seen(list_id).pk, services.approve, _("The transfer is approved."))


@door(rules.is_archivist, methods=("POST",))
def release(request: HttpRequest, list_id: int) -> HttpResponse:
    """Remove the copies whose time is over."""
    return _act(request, _seen(list_id).pk, services.release_copies, _("The copies are removed."))


def _reasoned(
    request: HttpRequest, list_id: int, act: Callable[..., object], title: str, note: str = "", **more: Any
) -> HttpResponse:
    one, form = _seen(list_id), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(list_id=one.pk, reason=form.cleaned_data["reason"], by=actor_of(request), at=clock.now(), **more)
        except Refused as refusal:
            _say(request, form, refusal)
        else:
            messages.success(request, _("Done."))
            return redirect("general_office:transfer", one.pk)
    context = {
        "form": form,
        "title": title,
        "note": note,
        "submit": title,
        "cancel": reverse("general_office:transfer", args=[one.pk]),
        "trail": _trail((reverse("general_office:transfer", args=[one.pk]), one.number), ("", title)),
    }
    return render(request, f"{TEMPLATES}/form.html", context, status=422 if form.errors else 200)


@door(rules.may_enter)
def send_back(request: HttpRequest, list_id: int) -> HttpResponse:
    """Send it back to the archivist."""
    return _reasoned(request, list_id, services.send_back, _("Send the list back"))


@door(rules.is_archivist)
def withdraw(request: HttpRequest, list_id: int) -> HttpResponse:
    """Give the list up."""
    return _reasoned(request, list_id, services.withdraw, _("Withdraw the list"), _("Its items are due again."))


@door(rules.is_archivist)
def take_off(request: HttpRequest, list_id: int, row_id: int) -> HttpResponse:
    """Take one item off the list."""
    row = queries.rows_of(list_id).filter(pk=row_id).first()
    if row is None:
        raise Http404
    note = f"{row['item__code']} {row['item__title']}"
    return _reasoned(request, list_id, services.take_off, _("Take an item off the list"), note, row_ids=[row_id])


@door(rules.is_archivist, methods=("POST",))
def package(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """Make the package of an approved list and hand it out."""
    one = _seen(list_id)
    made = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # FileResponse closes it when it was sent
    try:
        built = services.make_package(list_id=one.pk, to=made, by=actor_of(request), at=clock.now())
    except BaseException:
        made.close()
        raise
    response = FileResponse(made, as_attachment=True, filename=built.name, content_type="application/zip")
    response["Cache-Control"] = "no-store"
    response["Digest"] = f"sha-256={built.sha256}"
    return response


@door(rules.is_archivist)
def receipt(request: HttpRequest, list_id: int) -> HttpResponse:
    """Enter the authority's receipt."""
    one, form = _seen(list_id), ReceiptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = services.enter_receipt(list_id=one.pk, by=actor_of(request), at=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            _say(request, form, refusal)
        else:
            said = ngettext("%(n)s item is transferred.", "%(n)s items are transferred.", count) % {"n": count}
            messages.success(request, said)
            return redirect("general_office:transfer", one.pk)
    title = _("Enter the receipt")
    context = {
        "form": form,
        "title": title,
        "submit": title,
        "note": _("From then on the items are transferred: their lines stay in the catalogue as stubs."),
        "widths": {"receipt_number": "half", "receipt_on": "half"},
        "cancel": reverse("general_office:transfer", args=[one.pk]),
        "trail": _trail((reverse("general_office:transfer", args=[one.pk]), one.number), ("", title)),
    }
    return render(request, f"{TEMPLATES}/form.html", context, status=422 if form.errors else 200)


# --- Packages of others -----------------------------------------------------------------------------------------------
@door(rules.may_enter, methods=("GET",))
def taken(request: HttpRequest) -> HttpResponseBase:
    """The packages that were taken in."""
    page = ListPage(
        request,
        name="general_office.packages",
        rows=packages.packages(),
        columns=[
            Column("taken_at", gettext_lazy("Taken in"), kind="datetime", sort="taken_at"),
            Column("name", pgettext_lazy("package", "Name"), is_main=True),
            Column("organization", pgettext_lazy("package", "From")),
            Column("fonds__code", gettext_lazy("Fonds"), sort="fonds__code"),
            Column("items", gettext_lazy("Items"), kind="number"),
            Column("files", gettext_lazy("Files"), kind="number"),
            Column("codes", gettext_lazy("Codes"), value=lambda row: f"{row['first_code']} – {row['last_code']}"),
            Column("size", gettext_lazy("Size"), value=lambda row: filesizeformat(row["size"]), style="num"),
            Column("sha256", gettext_lazy("Checksum (SHA-256)"), is_shown=False),
        ],
        search=("name", "organization", "reference", "sha256"),
        order="-taken_at",
        empty={"title": _("No package was taken in yet"), "text": _("Packages of other archives come in here.")},
    )
    context = {"trail": _trail(("", _("Packages taken in"))), "may_take_in": bool(may_take_in(actor_of(request)))}
    return page.respond(f"{TEMPLATES}/taken.html", context)


@door(may_take_in, rate="30/m")
def take_in(request: HttpRequest) -> HttpResponse:
    """Take a package of another archive in."""
    form = PackageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["package"]
        try:
            made = package_services.import_package(
                source=upload.file, name=upload.name, by=actor_of(request), at=clock.now()
            )
        except Refused as refusal:
            undo(request)
            form.add_error("package", str(refusal))
        else:
            said = ngettext("%(n)s item was taken in.", "%(n)s items were taken in.", made.items) % {"n": made.items}
            messages.success(request, said)
            return redirect("general_office:packages_taken")
    title = _("Take a package in")
    most = int(rulebook.number("archive.package.max", on=clock.today()))
    context = {
        "form": form,
        "title": title,
        "submit": title,
        "note": _(
            "Everything is checked before anything is kept: layout, hashes, descriptions, files, markings."
            " At most %(mb)s MB."
        )
        % {"mb": most},
        "cancel": reverse("general_office:packages_taken"),
        "trail": _trail((reverse("general_office:packages_taken"), _("Packages taken in")), ("", title)),
    }
    return render(request, f"{TEMPLATES}/form.html", context, status=422 if form.errors else 200)


def _say(request: HttpRequest, form: Any, refusal: Refused) -> None:
    undo(request)
    basis = f" ({refusal.basis})" if refusal.basis else ""
    form.add_error(refusal.field if refusal.field in form.fields else None, f"{refusal}{basis}")


def _seen(list_id: int) -> TransferList:
    one = queries.list_of(list_id)
    if one is None:
        raise Http404
    return one
