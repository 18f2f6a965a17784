"""Pages of levels: the list, what expires, a decision, a proposal, the notice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.confidential_work.classification import queries, rules, services, terms
from chancery.departments.general_office.confidential_work.classification.deriving.queries import derived_of
from chancery.departments.general_office.confidential_work.classification.forms import ProposalForm
from chancery.departments.general_office.confidential_work.classification.notices.queries import notice_pdf
from chancery.departments.general_office.confidential_work.classification.terms import (
    STATE_TONES,
    HouseLevel,
    Kind,
    State,
    Target,
)
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, Filter, ListPage

Trail = list[tuple[str | None, Any]]


def desk_trail(*more: tuple[str | None, Any]) -> Trail:
    """The way here from the desk."""
    return [(reverse("general_office:confidential"), _("Confidential work")), *more]


def trail(*more: tuple[str | None, Any]) -> Trail:
    """Where the pages of levels stand."""
    return desk_trail((reverse("general_office:classifications"), _("Levels")), *more)


def level_column(key: str = "level") -> Column:
    """The level of a row that also has its target."""
    return Column(
        key, gettext_lazy("Level"), style="tight", value=lambda row: str(terms.level_words(row["target"], row[key]))
    )


@door(staff, methods=("GET",))
def classifications(request: HttpRequest) -> HttpResponseBase:
    """Every decision about a level that one may see."""
    page = ListPage(
        request,
        name="general_office.classifications",
        rows=queries.listed().values(
            "id", "title", "target", "kind", "state", "level", "until", "proposed_at", "unit__name_en", "unit__name_zh"
        ),
        columns=[
            Column(
                "title",
                gettext_lazy("What"),
                is_main=True,
                style="cut",
                link=lambda row: reverse("general_office:classification", args=[row["id"]]),
            ),
            Column("target", gettext_lazy("Target"), codes=dict(Target.choices), style="tight", is_shown=False),
            Column("kind", gettext_lazy("Decision"), codes=dict(Kind.choices), style="tight"),
            level_column(),
            Column("until", gettext_lazy("Until"), kind="date", sort="until"),
            Column("unit__name", gettext_lazy("Unit"), kind="words", style="cut"),
            Column("proposed_at", gettext_lazy("Proposed"), kind="datetime", sort="proposed_at"),
            Column(
                "state",
                gettext_lazy("State"),
                kind="badge",
                codes=dict(State.choices),
                tones={str(state): tone for state, tone in STATE_TONES.items()},
                sort="state",
            ),
        ],
        filters=[
            Filter("state", gettext_lazy("State"), choices=State.choices),
            Filter("kind", gettext_lazy("Decision"), choices=Kind.choices),
            Filter("target", gettext_lazy("Target"), choices=Target.choices),
            Filter("until", gettext_lazy("Until"), kind="date_range"),
        ],
        search=("title", "basis_text"),
        order=("-proposed_at", "-id"),
        caption=_("Levels"),
        empty={
            "symbol": "lock",
            "title": _("No decision about a level"),
            "text": _("Propose one on the page of the document, matter or archival item it is about."),
        },
    )
    context = {
        "heading": _("Levels"),
        "trail": desk_trail((None, _("Levels"))),
        "beside": [
            (reverse("general_office:classification_expiry"), _("What expires")),
            (reverse("general_office:reviews"), _("Yearly reviews")),
            (reverse("general_office:undefined_matters"), _("Undefined matters")),
        ],
    }
    return page.respond("general_office/confidential_work/classification/list.html", context)


@door(staff, methods=("GET",))
def classification(request: HttpRequest, classification_id: int) -> HttpResponseBase:
    """One decision: its grounds, what is derived from it, all that was decided about the same thing."""
    by = actor_of(request)
    of = queries.decision(classification_id)
    if of is None:
        raise Http404
    thing = queries.thing(of.subject) if of.target == Target.THING else None
    context = {
        "of": of,
        "state_tone": STATE_TONES[State(of.state)],
        "facts": queries.facts(of),
        "thing": thing,
        "heirs": derived_of(of.subject) if thing and of.state in (State.PROPOSED, State.IN_FORCE) else [],
        "history": queries.history(of.key),
        "may_withdraw": bool(rules.may_withdraw(by, of)),
        "may_decide": bool(rules.may_decide(by, of, is_authority=queries.may_authorise(by, of.unit_id))),
        "may_propose": thing is not None and of.state == State.IN_FORCE and queries.pending(of.key) is None,
        "propose_address": f"{reverse('general_office:classification_propose')}?thing={of.subject}",
        "trail": trail((None, of.title)),
    }
    return render(request, "general_office/confidential_work/classification/decision.html", context)


@door(staff)
def propose(request: HttpRequest) -> HttpResponseBase:
    """Propose a level for what `?thing=` names, or its change, extension or end (`?kind=`)."""
    by = actor_of(request)
    thing = queries.thing(request.GET.get("thing", "")[:120])
    if thing is None:
        raise Http404
    current = queries.in_force(queries.key_of(thing.guard_id))
    asked = request.GET.get("kind", "")
    kind = asked if current and asked in Kind.values else (Kind.CHANGE if current else Kind.CLASSIFY)
    today = clock.today()
    initial: dict[str, Any] = {"level": HouseLevel.RESTRICTED}
    if current:
        initial |= {"basis_clause": current.basis_clause, "basis_text": current.basis_text}
    form = ProposalForm(
        request.POST or None, initial=initial, kind=kind, clauses=queries.clauses(today), clearance=by.clearance
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.propose_level(subject=thing.subject, kind=kind, by=by, at=clock.now(), **form.told())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("Proposed. The classification authority decides."))
            return redirect("general_office:classification", made.pk)
    heading = {
        Kind.CLASSIFY: _("Propose a level"),
        Kind.CHANGE: _("Propose a change of level"),
        Kind.EXTEND: _("Propose an extension"),
        Kind.DECLASSIFY: _("Propose declassification"),
    }[Kind(kind)]
    levels = [code for code, _words in HouseLevel.choices if terms.label_of(code) <= by.clearance]
    context = {
        "form": form,
        "thing": thing,
        "heading": heading,
        "current": current,
        "current_words": terms.level_words(current.target, current.level) if current else "",
        "widths": ProposalForm.WIDTHS,
        "caps": [
            {"words": terms.level_words(Target.THING, code), "years": queries.cap(Target.THING, code, today)}
            for code in ([current.level] if current and kind == Kind.EXTEND else levels)
        ]
        if kind != Kind.DECLASSIFY
        else [],
        "heirs": derived_of(thing.subject),
        "trail": trail((None, heading)),
    }
    status = 422 if form.errors else 200
    return render(request, "general_office/confidential_work/classification/propose.html", context, status=status)


@door(staff, methods=("POST",))
def withdraw(request: HttpRequest, classification_id: int) -> HttpResponseBase:
    """Take one's own proposal back."""
    by = actor_of(request)
    if queries.decision(classification_id) is None:
        raise Http404
    services.withdraw(classification_id=classification_id, by=by, at=clock.now())
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("general_office:classification", classification_id)


@door(staff, methods=("GET",))
def notice(request: HttpRequest, classification_id: int) -> HttpResponseBase:
    """The notice as PDF."""
    of = queries.decision(classification_id)
    if of is None or of.state in (State.PROPOSED, State.WITHDRAWN):
        raise Http404
    response = HttpResponse(notice_pdf(of, clock.now()), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=False, filename=f"{_('notice')}-{of.pk}.pdf"
    ) or ""  # fmt: skip
    return response
