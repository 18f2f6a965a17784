"""Entering a code, and the page behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.door import forms as door_forms
from chancery.departments.general_office.petitions.door import queries, rules, services
from chancery.departments.general_office.petitions.door.terms import OPENED, SLOTS
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import TONES, GivenFile
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web import proof, rate_limit
from chancery.foundations.web.door import actor_of, anyone, door, undo
from chancery.kernel.publishing import queries as publishing
from chancery.kernel.publishing.services import note_wrong_try

TEMPLATES = "general_office/petitions/door"


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, f"{TEMPLATES}/{template}", context, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("web:home"), _("Home")), (reverse("petition_door:start"), _("Letters and visits")), *more]


# --- The code --------------------------------------------------------------------------------------------------------
@door(anyone, rate="60/m")
def follow(request: HttpRequest) -> HttpResponse:
    """Enter the code. Wrong, foreign or malformed: one answer, and a longer wait each time."""
    now = clock.now()
    if request.method != "POST":
        close_case(request)
        return _code_page(request)
    place = rate_limit.hashed("receipt", rate_limit.place_of(request))
    if wait := publishing.must_wait(place, now):
        return _wait_page(request, wait)
    if publishing.alarm_is_on(now):
        proved = proof.check(request, queries.following(clock.today()), at=now)
        if not proved:
            return _code_page(request, said=str(proved.reason), status=422)
    petition = petitions.by_receipt(request.POST.get("code", ""))
    if petition is None:
        note_wrong_try(place=place, by=actor_of(request), at=now)
        return _code_page(
            request,
            said=_("No petition opens with this. Compare it with your receipt, letter by letter, and try again."),
            status=422,
        )
    _open_case(request, petition)
    return redirect("petition_door:case")


def _code_page(request: HttpRequest, *, said: str = "", status: int = 200) -> HttpResponse:
    asked = publishing.alarm_is_on(clock.now())
    context = {
        "form": door_forms.CodeForm(),
        "said": said,
        "proof": proof.challenge(request, queries.following(clock.today()), at=clock.now()) if asked else None,
        "trail": _trail(("", _("Follow your petition"))),
    }
    return _page(request, "follow.html", context, status=status)


def _wait_page(request: HttpRequest, wait: int) -> HttpResponse:
    when = localtime(clock.now() + dt.timedelta(seconds=wait)).strftime("%H:%M:%S")
    said = _("Several wrong codes came from your place. Enter the next one from %(when)s on.") % {"when": when}
    response = _code_page(request, said=said, status=429)
    response["Retry-After"] = str(wait)
    return response


# --- What a code has opened ------------------------------------------------------------------------------------------
def _open_case(request: HttpRequest, petition: Petition) -> None:
    session = request.session
    session.cycle_key()
    if not request.user.is_authenticated:
        session.set_expiry(0)  # gone with the browser's window; who is signed in keeps their own time
    session[OPENED] = {"id": petition.pk, "until": _until()}


def _until() -> float:
    minutes = queries.limits(clock.today()).session_minutes
    return (clock.now() + dt.timedelta(minutes=minutes)).timestamp()


def close_case(request: HttpRequest) -> None:
    """Forget what a code has opened: on leaving, and on every way back to the beginning."""
    if OPENED not in request.session:
        return
    if request.user.is_authenticated:
        del request.session[OPENED]
    else:
        request.session.flush()


def _case(request: HttpRequest) -> Petition | None:
    """The petition that is open in this window; asks for the code again when it has lain idle."""
    held = request.session.get(OPENED)
    if not held:
        return None
    found = queries.opened(held["id"]) if held["until"] >= clock.now().timestamp() else None
    if found is None:
        close_case(request)
        return None
    request.session[OPENED] = {"id": found.pk, "until": _until()}
    return found


def _ask_again(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Enter your receipt code. The page closes by itself when it is not used."))
    return redirect("petition_door:follow")


def _case_page(request: HttpRequest, petition: Petition, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    limits, now = queries.limits(clock.today()), clock.now()
    review = queries.review_to_ask(petition.pk, now)
    leading = petition.leads
    # What was refused is shown with its reason, even when it would not be offered any more.
    offered: dict[str, Any] = {
        name: bound[name] if name in bound else make() if may else None
        for name, may, make in (
            ("add", rules.may_add(leading.state), lambda: door_forms.AddForm(limits=limits)),
            ("rate", rules.may_rate(leading.state, petition.rating), door_forms.RateForm),
            ("review", review, door_forms.ReviewForm),
            ("withdraw", rules.may_withdraw(petition.state), door_forms.WithdrawForm),
        )
    }
    context = {
        **queries.followed(petition),
        **offered,
        "review_until": review.until if review else None,
        "tone": TONES[petition.leads.state],
        "limits": limits,
        "trail": _trail(("", _("Your petition"))),
    }
    return _page(request, "case.html", context, status=status)


@door(anyone, methods=("GET",), rate="120/m")
def case(request: HttpRequest) -> HttpResponse:
    """State, answers, questions, what may be done."""
    petition = _case(request)
    return _ask_again(request) if petition is None else _case_page(request, petition)


Act = Callable[[Petition, dict[str, Any]], None]


def _act(request: HttpRequest, name: str, make: Callable[[], forms.Form], act: Act, done: str) -> HttpResponse:
    """One of the forms of the page: checked, done, told; refused at its field."""
    petition = _case(request)
    if petition is None:
        return _ask_again(request)
    form = make()
    if form.is_valid():
        try:
            act(petition, form.cleaned_data)
        except Refused as refusal:
            undo(request)
            field = {"file": "files"}.get(refusal.field or "", refusal.field)
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("petition_door:case")
    return _case_page(request, petition, status=422, **{name: form})


def _oversize(request: HttpRequest) -> HttpResponse:
    """More than all attachments may be: what was typed stays, nothing is added."""
    petition = _case(request)
    if petition is None:
        return _ask_again(request)
    limits = queries.limits(clock.today())
    form = door_forms.AddForm(request.POST, limits=limits)
    form.errors.pop("text", None)  # “write something” is not what is wrong
    form.add_error("files", door_forms.too_much(limits))
    return _case_page(request, petition, status=413, add=form)


@door(anyone, methods=("POST",), rate="20/h", most=queries.most_bytes, oversize=_oversize)
def add(request: HttpRequest) -> HttpResponse:
    """Add facts or files, or answer a question."""

    def act(petition: Petition, given: dict[str, Any]) -> None:
        services.add_to_petition(
            petition_id=petition.pk,
            text=given["text"],
            files=[GivenFile(one.name or "", one.file) for one in given["files"]],
            answers=bool(queries.followed(petition)["asks"]),
            by=actor_of(request),
            at=clock.now(),
        )

    limits = queries.limits(clock.today())
    return _act(
        request, "add", lambda: door_forms.AddForm(request.POST, request.FILES, limits=limits), act,
        _("It was added to your petition."),
    )  # fmt: skip


@door(anyone, methods=("POST",), rate="20/h")
def rate(request: HttpRequest) -> HttpResponse:
    """Rate the handling."""

    def act(petition: Petition, given: dict[str, Any]) -> None:
        services.rate_handling(
            petition_id=petition.pk,
            rating=given["rating"],
            note=given["note"],
            by=actor_of(request),
            at=clock.now(),
        )

    return _act(request, "rate", lambda: door_forms.RateForm(request.POST), act, _("Thank you: your rating is kept."))


@door(anyone, methods=("POST",), rate="20/h")
def ask_review(request: HttpRequest) -> HttpResponse:
    """Ask for review or re-review."""

    def act(petition: Petition, given: dict[str, Any]) -> None:
        services.ask_for_review(
            petition_id=petition.pk,
            text=given["text"],
            by=actor_of(request),
            at=clock.now(),
        )

    return _act(
        request, "review", lambda: door_forms.ReviewForm(request.POST), act, _("Your request for review has arrived.")
    )


@door(anyone, methods=("POST",), rate="20/h")
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw the petition."""

    def act(petition: Petition, given: dict[str, Any]) -> None:
        services.withdraw_petition(
            petition_id=petition.pk,
            reason=given["reason"],
            by=actor_of(request),
            at=clock.now(),
        )

    return _act(
        request, "withdraw", lambda: door_forms.WithdrawForm(request.POST), act, _("Your petition is withdrawn.")
    )


@door(anyone, methods=("GET",), rate="60/m")
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """A letter issued to the sender, as it was sealed. Another's is not there."""
    petition = _case(request)
    if petition is None:
        return _ask_again(request)
    found = SLOTS.letter(petition.pk, letter_id) if SLOTS.letter is not None else None
    if found is None:
        raise Http404
    name, content = found
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


@door(anyone, methods=("POST",), rate="60/m")
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page: the code is needed to open it again."""
    close_case(request)
    messages.success(request, _("The page is closed. Your receipt code opens it again."))
    return redirect("petition_door:follow")
