"""Pages of roles: who holds what, granting, ending, who answers."""

from __future__ import annotations

import functools
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.card import all_roles
from chancery.foundations.verdict import Refused, Verdict
from chancery.foundations.web.columns import Column, Filter
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import ListPage
from chancery.foundations.words import words
from chancery.kernel.access import terms
from chancery.kernel.access.roles import queries, rules, services
from chancery.kernel.access.roles.forms import AskForm, EndForm, GrantForm, role_choices
from chancery.kernel.directory.models import Unit


def may_look(by: Actor) -> Verdict:
    """Access administrators and auditors see the whole list."""
    found = rules.holds_role(by, terms.ACCESS_ADMIN)
    return found if found else rules.holds_role(by, terms.AUDITOR)


@door(may_look, methods=("GET",))
def roles(request: HttpRequest) -> HttpResponseBase:
    """Every grant that counts today, or all of them."""
    today = clock.today()
    every = request.GET.get("all") == "1"
    named = dict(role_choices())
    page = ListPage(
        request,
        name="access.roles",
        rows=queries.grant_rows(None if every else today),
        columns=[
            Column("role", gettext_lazy("Role"), codes=named, sort=("role", "id"), is_main=True),
            Column("post", gettext_lazy("Post"), kind="words", sort=("post_en", "id")),
            Column("body", gettext_lazy("In"), kind="words", sort=("body_en", "id")),
            Column("over", gettext_lazy("Over"), kind="words", sort=("over_en", "id")),
            Column("valid_from", gettext_lazy("From"), kind="date", sort=("valid_from", "id")),
            Column("valid_to", gettext_lazy("Until"), kind="date", sort=("valid_to", "id")),
            Column(
                "is_held",
                gettext_lazy("Holder"),
                kind="badge",
                codes={True: _("held"), False: _("vacant")},
                tones={True: "green", False: "amber"},
                is_shown=not every,
            ),
            Column(
                "id",
                "",
                value=lambda row: _("End") if _running(row, today) else "",
                is_shown=not every,
                link=lambda row: reverse("access:end_role", args=[row["id"]]),
            ),
        ],
        filters=[Filter("role", gettext_lazy("Role"), choices=role_choices)],
        search=("post__title_en", "post__title_zh", "unit__name_en", "unit__name_zh"),
        order=("role", "id"),
        caption=gettext_lazy("Roles held by posts"),
    )
    may = bool(rules.may_grant(actor_of(request)))
    return page.respond("access/roles.html", {"may_grant": may, "every": every})


def _running(row: Any, today: Any) -> bool:
    return row["valid_to"] is None or row["valid_to"] > today


@door(rules.may_grant)
def grant(request: HttpRequest) -> HttpResponse:
    """Give a post a role."""
    form = GrantForm(request.POST or None, initial={"valid_from": clock.today(), **request.GET.dict()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.grant_role(
                post_id=said["post"],
                role=said["role"],
                unit_id=said["unit"],
                valid_from=said["valid_from"],
                valid_to=said["valid_to"],
                note=said["note"],
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The role is granted."))
            return redirect("access:roles")
    return render(request, "access/role_form.html", {"form": form, "trail": _trail(_("Grant a role"))})


@door(rules.may_grant)
def end(request: HttpRequest, grant_id: int) -> HttpResponse:
    """End a grant from a day on."""
    row = queries.grant_rows().filter(pk=grant_id).first()
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_role(
                grant_id=grant_id,
                on=form.cleaned_data["on"],
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The role ends."))
            return redirect("access:roles")
    facts = []
    if row:
        named = all_roles().get(row["role"])
        facts = [
            (_("Role"), words(named) if named else row["role"]),
            (_("Post"), f"{words(row, 'post')}, {words(row, 'body')}"),
            (_("Over"), words(row, "over")),
            (_("From"), row["valid_from"].isoformat()),
        ]
    return render(request, "access/role_end.html", {"form": form, "facts": facts, "trail": _trail(_("End a role"))})


@door(staff, methods=("GET",))
def who(request: HttpRequest) -> HttpResponse:
    """Who answers for a role in a unit today, and why."""
    form = AskForm(request.GET or None)
    context: dict[str, Any] = {"form": form, "trail": _trail(_("Who answers?")), "answers": None}
    if form.is_bound and form.is_valid():
        unit = Unit.objects.get(pk=form.cleaned_data["unit"])
        role = all_roles()[form.cleaned_data["role"]]
        context.update(answers=queries.who_answers(role.code, unit.pk, clock.today()), asked_unit=unit, asked_role=role)
    return render(request, "access/who.html", context)


def _trail(here: str) -> list[tuple[str, str]]:
    return [(_address(), _("Roles")), ("", here)]


@functools.cache
def _address() -> str:
    return reverse("access:roles")
