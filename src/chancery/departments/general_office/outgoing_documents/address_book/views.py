"""Pages of address groups."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.address_book import queries, services
from chancery.departments.general_office.outgoing_documents.address_book.forms import GroupForm
from chancery.departments.general_office.outgoing_documents.drafting.beginnings.rules import may_keep
from chancery.departments.general_office.outgoing_documents.drafting.queries import may_draft
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, ListPage
from chancery.foundations.words import words


@door(may_draft, methods=("GET",))
def groups(request: HttpRequest) -> HttpResponseBase:
    """The groups one may write to."""
    by = actor_of(request)
    page = ListPage(
        request,
        name="general_office.outgoing_groups",
        rows=queries.listed(by),
        columns=[
            Column("name", gettext_lazy("Group"), kind="words", is_main=True, link=_address),
            Column("count", gettext_lazy("Addressees"), kind="number", sort="count"),
            Column("unit__name", gettext_lazy("Kept by"), kind="words"),
            Column("kept_at", gettext_lazy("Changed"), kind="datetime", sort="kept_at"),
        ],
        search=("name_en", "name_zh"),
        order=("name_en", "id"),
        caption=_("Address groups"),
        empty={
            "symbol": "address-book",
            "title": _("No address group yet"),
            "text": _("A group is a list of addressees that are written to together."),
        },
    )
    return page.respond(
        "general_office/outgoing_documents/address_book/groups.html", {"trail": _trail((None, _("Address groups")))}
    )


def _address(row: Any) -> str:
    return reverse("general_office:outgoing_group", args=[row["id"]])


@door(may_draft)
def keep(request: HttpRequest, group_id: int | None = None) -> HttpResponseBase:
    """A new group, or a change of one."""
    by = actor_of(request)
    group = queries.group(group_id, by) if group_id else None
    if group_id and group is None:
        raise Http404
    initial = GroupForm.initial_of(group, queries.members(group.pk)) if group else {}
    form = GroupForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_group(group_id=group_id, **form.facts(by.body_id), by=by, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The group is kept."))
            return redirect("general_office:outgoing_groups")
    context = {
        "form": form,
        "group": group,
        "is_mine": group is None or bool(may_keep(by, group.unit_id, documents.office_id())),
        "back": reverse("general_office:outgoing_groups"),
        "widths": {"name_en": "half", "name_zh": "half"},
        "trail": _trail(
            (reverse("general_office:outgoing_groups"), _("Address groups")),
            (None, words(group) if group else _("New group")),
        ),
    }
    status = 422 if form.errors else 200
    return render(request, "general_office/outgoing_documents/address_book/group.html", context, status=status)


@door(may_draft, methods=("POST",))
def end(request: HttpRequest, group_id: int) -> HttpResponseBase:
    """Take one out of use."""
    by = actor_of(request)
    if queries.group(group_id, by) is None:
        raise Http404
    services.end_group(group_id=group_id, by=by, at=clock.now())
    messages.success(request, _("The group is out of use."))
    return redirect("general_office:outgoing_groups")


def _trail(*more: tuple[str | None, str]) -> list[tuple[str | None, str]]:
    return [(reverse("general_office:outgoing_drafts"), _("My drafts")), *more]
