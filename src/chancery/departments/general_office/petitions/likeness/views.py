"""Merging, linking, splitting; what may be a campaign, and campaigns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from chancery.departments.general_office.petitions import queries as petition_queries
from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions.likeness import forms, queries, rules, services
from chancery.departments.general_office.petitions.models import Petition, PetitionCampaign
from chancery.departments.general_office.petitions.terms import ENDED_STATES, TONES, Channel, State
from chancery.departments.general_office.petitions.views import seen, trail
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, ListPage

TEMPLATES = "general_office/petitions/likeness/"
MOST_CHOSEN = 2000


def _act(
    request: HttpRequest, form: Any, act: Callable[[dict[str, Any]], HttpResponseBase], *, title: str, submit: str,
    where: list[tuple[str, Any]], back: str, note: str = "", template: str = "general_office/petitions/form.html",
    **more: Any,
) -> HttpResponseBase:  # fmt: skip
    """A form of this folder: done, or refused at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            return act(form.cleaned_data)
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
    context = {"form": form, "title": title, "submit": submit, "back": back, "trail": where, "note": note, **more}
    return render(request, template, context, status=422 if form.errors else 200)


def _back(petition: Petition) -> str:
    return reverse("general_office:petition", args=[petition.pk])


def _other(typed: str) -> Petition:
    found = queries.by_number(typed)
    if found is None:
        raise Refused(_("There is no petition of that number."), field="other")
    return found


# --- Two petitions ---------------------------------------------------------------------------------------------------
@door(rules.may_tie)
def merge(request: HttpRequest, petition_id: int) -> HttpResponseBase:
    """Handle it with another one."""
    found = seen(petition_id)

    def act(given: dict[str, Any]) -> HttpResponseBase:
        other = _other(given["other"])
        services.merge(
            petition_id=found.pk, into_id=other.pk, reason=given["reason"], by=actor_of(request), at=clock.now()
        )
        messages.success(
            request, _("Merged. %(number)s leads; both receipts go on working.") % {"number": other.number}
        )
        return redirect("general_office:petition", other.pk)

    title = _("Merge into another petition")
    return _act(
        request, forms.TieForm(request.POST or None, initial={"other": request.GET.get("other", "")}), act,
        title=title, submit=_("Merge"), where=trail(("", title), petition=found), back=_back(found),
        note=_("The other petition leads and is handled; this one closes with it. Its sender follows the leading one's"
               " state with the own receipt. Whoever may not see one of the two may see neither from then on. It can be"
               " split again."),
    )  # fmt: skip


@door(rules.may_tie)
def link(request: HttpRequest, petition_id: int) -> HttpResponseBase:
    """Say that two belong together."""
    found = seen(petition_id)

    def act(given: dict[str, Any]) -> HttpResponseBase:
        other = _other(given["other"])
        services.link(
            petition_id=found.pk, other_id=other.pk, reason=given["reason"], by=actor_of(request), at=clock.now()
        )
        messages.success(request, _("Linked with %(number)s.") % {"number": other.number})
        return redirect("general_office:petition", found.pk)

    title = _("Link with another petition")
    return _act(
        request, forms.TieForm(request.POST or None, initial={"other": request.GET.get("other", "")}), act,
        title=title, submit=_("Link"), where=trail(("", title), petition=found), back=_back(found),
        note=_("Both stay as they are; whoever may see both finds the one from the other."),
    )  # fmt: skip


@door(rules.may_tie)
def split(request: HttpRequest, petition_id: int) -> HttpResponseBase:
    """Take it out again."""
    found = seen(petition_id)
    if found.merged_into is None:
        raise Http404

    def act(given: dict[str, Any]) -> HttpResponseBase:
        services.split(petition_id=found.pk, reason=given["reason"], by=actor_of(request), at=clock.now())
        messages.success(request, _("Split. It goes on by itself from its registration."))
        return redirect("general_office:petition", found.pk)

    title = _("Split from %(number)s") % {"number": found.merged_into}
    return _act(
        request, forms.ReasonForm(request.POST or None), act, title=title, submit=_("Split"),
        where=trail(("", title), petition=found), back=_back(found),
        note=_("It is registered again and handled on its own. What was told of the other stays told."),
    )  # fmt: skip


@door(rules.may_tie)
def unlink(request: HttpRequest, tie_id: int) -> HttpResponseBase:
    """End a link."""
    tie = queries.tie_of(tie_id)
    if tie is None:
        raise Http404

    def act(given: dict[str, Any]) -> HttpResponseBase:
        services.unlink(tie_id=tie_id, reason=given["reason"], by=actor_of(request), at=clock.now())
        messages.success(request, _("The link is ended."))
        return redirect("general_office:petition", tie.petition_id)

    title = _("End the link of %(one)s and %(other)s") % {"one": tie.petition, "other": tie.other}
    return _act(
        request, forms.ReasonForm(request.POST or None), act, title=title, submit=_("End the link"),
        where=trail(("", title), petition=tie.petition), back=_back(tie.petition),
    )  # fmt: skip


@door(rules.may_tie)
def repeat(request: HttpRequest, petition_id: int) -> HttpResponseBase:
    """Say whether the sender wrote before."""
    found = seen(petition_id)

    def act(given: dict[str, Any]) -> HttpResponseBase:
        services.mark_repeat(petition_id=found.pk, **given, by=actor_of(request), at=clock.now())
        messages.success(request, _("Noted."))
        return redirect("general_office:petition", found.pk)

    title = _("Did the sender write before?")
    return _act(
        request, forms.RepeatForm(request.POST or None, initial={"is_repeat": found.is_repeat}), act, title=title,
        submit=_("Save"), where=trail(("", title), petition=found), back=_back(found),
    )  # fmt: skip


# --- Campaigns -------------------------------------------------------------------------------------------------------
def _campaign_trail(*more: tuple[str, str]) -> list[tuple[str, Any]]:
    return trail((reverse("general_office:petition_campaigns"), _("Campaigns")), *more)


@door(rules.may_tie, methods=("GET",))
def campaigns(request: HttpRequest) -> HttpResponseBase:
    """Letters of one text that nobody joined yet, and what was joined."""
    found = queries.proposals(on=clock.today())
    first = {one.pk: one for one in Petition.objects.filter(pk__in=[each.leading_id for each in found])}
    page = ListPage(
        request,
        name="general_office.petition_campaigns",
        rows=queries.campaigns(),
        columns=[
            Column("title", gettext_lazy("Campaign"), is_main=True,
                   link=lambda row: reverse("general_office:petition_campaign", args=[row["id"]])),
            Column("letters", gettext_lazy("Letters"), kind="number", sort="letters"),
            Column("leading__number", gettext_lazy("Led by"), style="tight"),
            Column("leading__state", gettext_lazy("State"), kind="badge", codes=dict(State.choices), tones=TONES),
            Column("opened_at", gettext_lazy("Joined at"), kind="datetime", sort="opened_at"),
        ],
        order=("-opened_at", "-id"),
        caption=_("Campaigns"),
        empty={"symbol": "users", "title": _("No campaign"), "text": _("Letters of one text are proposed above.")},
    )  # fmt: skip
    proposals = [{"cluster": one, "n": len(one.ids), "first": first[one.leading_id]} for one in found
                 if one.leading_id in first]  # fmt: skip
    return page.respond(f"{TEMPLATES}campaigns.html", {"proposals": proposals, "trail": trail(("", _("Campaigns")))})


def _letters(rows: list[Petition]) -> list[tuple[int, str]]:
    return [
        (one.pk, f"{one.number or _('not registered yet')} · {one.received_on:%Y-%m-%d} · {Channel(one.channel).label}")
        for one in rows[:MOST_CHOSEN]
    ]


@door(rules.may_tie)
def open_campaign(request: HttpRequest, petition_id: int) -> HttpResponseBase:
    """Join a petition and all letters of its text."""
    found = seen(petition_id)
    same = queries.of_one_text(found.pk, on=clock.today())
    letters = _letters(sorted([found, *same], key=lambda one: (one.received_at, one.pk)))

    def act(given: dict[str, Any]) -> HttpResponseBase:
        made = services.open_campaign(
            petition_ids=given["petitions"], title=given["title"], by=actor_of(request), at=clock.now()
        )
        n = len(given["petitions"])
        messages.success(request, ngettext("%(n)s letter joined.", "%(n)s letters joined.", n) % {"n": n})
        return redirect("general_office:petition_campaign", made.pk)

    title = _("Join letters of one text")
    form = forms.CampaignForm(request.POST or None, letters=letters, initial={"title": found.title})
    return _act(
        request, form, act, title=title, submit=_("Join"), where=_campaign_trail(("", title)), back=_back(found),
        note=_("The oldest leads and has the procedure. Each keeps its number and receipt; all read the replies."),
        texts=[one for one in petition_queries.texts(found.pk, actor_of(request)) if one["is_shown"]],
    )  # fmt: skip


def _campaign(campaign_id: int) -> PetitionCampaign:
    found = queries.campaign(campaign_id)
    if found is None or found.leading is None:
        raise Http404
    return found


@door(rules.may_tie)
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """A campaign: its letters, what more of its text came, a reply to all."""
    found = _campaign(campaign_id)
    leading, by = found.leading, actor_of(request)
    assert leading is not None  # noqa: S101 - `_campaign` has seen to it
    may_reply = bool(petition_rules.may_decide(by)) and bool(petition_rules.may_be_added_to(leading))
    form = forms.ReplyForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            n = services.reply_to_all(campaign_id=found.pk, **form.cleaned_data, by=by, at=clock.now())
        except Refused as refusal:
            undo(request)
            form.add_error("text", str(refusal))
        else:
            messages.success(
                request, ngettext("Told: %(n)s receipt shows it.", "Told: %(n)s receipts show it.", n) % {"n": n}
            )
            return redirect("general_office:petition_campaign", found.pk)
    if form.errors:
        status = 422
    more = [] if leading.state in ENDED_STATES else queries.of_one_text(leading.pk, on=clock.today())
    page = ListPage(
        request,
        name="general_office.petition_campaign",
        rows=queries.members(found.pk),
        columns=[
            Column("number", gettext_lazy("Number"), is_main=True, sort="number", style="tight",
                   link=lambda row: reverse("general_office:petition", args=[row["id"]])),
            Column("channel", gettext_lazy("Came by"), codes=dict(Channel.choices), style="tight"),
            Column("received_on", pgettext_lazy("petition", "Received on"), kind="date", sort=("received_on", "id")),
            Column("group_size", pgettext_lazy("how many", "People"), kind="number"),
            Column("rating", gettext_lazy("Rating"), kind="number"),
            Column("merged_into_id", gettext_lazy("Leads"),
                   value=lambda row: _("leads") if row["merged_into_id"] is None else ""),
        ],
        order=("received_on", "id"),
        caption=_("Letters of the campaign"),
    )  # fmt: skip
    context = {
        "campaign": found, "leading": leading, "tone": TONES[leading.state], "more": len(more),
        "reply": form if may_reply else None, "replies": queries.replies(leading.pk),
        "trail": _campaign_trail(("", found.title)),
    }  # fmt: skip
    response = page.respond(f"{TEMPLATES}campaign.html", context)
    response.status_code = status
    return response


@door(rules.may_tie)
def join(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Letters that came later."""
    found = _campaign(campaign_id)
    letters = _letters(queries.of_one_text(found.leading_id or 0, on=clock.today()))

    def act(given: dict[str, Any]) -> HttpResponseBase:
        n = services.join_campaign(
            campaign_id=found.pk, petition_ids=given["petitions"], by=actor_of(request), at=clock.now()
        )
        messages.success(request, ngettext("%(n)s letter joined.", "%(n)s letters joined.", n) % {"n": n})
        return redirect("general_office:petition_campaign", found.pk)

    title = _("Letters that came later")
    form: django_forms.Form = forms.CampaignForm(request.POST or None, letters=letters, asks_title=False)
    return _act(
        request, form, act, title=title, submit=_("Take in"), where=_campaign_trail(("", found.title)),
        back=reverse("general_office:petition_campaign", args=[found.pk]),
    )  # fmt: skip


@door(rules.may_tie)
def take_out(request: HttpRequest, petition_id: int) -> HttpResponseBase:
    """A sender's letter is handled on its own again."""
    found = seen(petition_id)
    if found.campaign is None:
        raise Http404
    campaign_id = found.campaign_id

    def act(given: dict[str, Any]) -> HttpResponseBase:
        services.take_out(petition_id=found.pk, reason=given["reason"], by=actor_of(request), at=clock.now())
        messages.success(request, _("Taken out. It goes on by itself from its registration."))
        return redirect("general_office:petition_campaign", campaign_id)

    title = _("Take out of the campaign")
    return _act(
        request, forms.ReasonForm(request.POST or None), act, title=title, submit=_("Take out"),
        where=trail(("", title), petition=found), back=_back(found),
        note=_("It is registered again and handled on its own. What all senders were told stays told."),
    )  # fmt: skip
