"""The public pages: what a petition is, writing one, checking and sending it, its receipt."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.door import queries, rules
from chancery.departments.general_office.petitions.door.following.views import close_case
from chancery.departments.general_office.petitions.door.forms import PLAIN, FilesForm, PetitionForm, too_much
from chancery.departments.general_office.petitions.door.terms import HOUR, KINDS, SEND, Limits
from chancery.departments.general_office.petitions.terms import Channel, Kind
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web import errors, proof, rate_limit
from chancery.foundations.web.door import actor_of, anyone, door, undo
from chancery.kernel.publishing import queries as publishing
from chancery.kernel.publishing.receipts.rules import AlreadySent

TEMPLATES = "general_office/petitions/door"
_FLOOD = 3  # so many times the published figure: no page is made any more, a short answer is


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Kept by no cache, found by no search engine once something was typed."""
    response = render(request, f"{TEMPLATES}/{template}", context, status=status)
    response["Cache-Control"] = "no-store"
    if request.method == "POST":
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("web:home"), _("Home")), (reverse("petition_door:start"), _("Letters and visits")), *more]


@door(anyone, methods=("GET",), rate="120/m")
def start(request: HttpRequest) -> HttpResponse:
    """What petitions are, what not to send, and which kind it is."""
    close_case(request)
    kinds = [(kind.lower(), words, note) for kind, (words, note) in KINDS.items()]
    context = {"kinds": kinds, "limits": queries.limits(clock.today()), "trail": [*_trail()[:1], ("", _trail()[1][1])]}
    return page(request, "start.html", context)


def _kind(word: str) -> str:
    kind = word.upper()
    if kind not in Kind.values or word != word.lower():
        raise Http404
    return kind


@door(anyone, rate="60/m")
def write(request: HttpRequest, kind: str) -> HttpResponse:
    """The form; checked, it goes on to be read through and sent."""
    chosen, limits = _kind(kind), queries.limits(clock.today())
    if request.method != "POST":
        close_case(request)
        form = PetitionForm(initial={"kind": chosen, "group_size": 1}, limits=limits)
        return _write_page(request, form, limits)
    if "back" in request.POST:
        return _write_page(request, PetitionForm(initial=_typed(request), limits=limits), limits)
    form = PetitionForm(request.POST, limits=limits)
    if not form.is_valid():
        return _write_page(request, form, limits)
    return _check_page(request, form, FilesForm(limits=limits), limits)


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST.get(name, "") for name in PetitionForm.base_fields}


def _write_page(request: HttpRequest, form: PetitionForm, limits: Limits) -> HttpResponse:
    kind = str(form["kind"].value() or Kind.APPEAL)
    words, note = KINDS.get(kind, KINDS[Kind.APPEAL])
    context = {
        "form": form,
        "title": words,
        "note": note,
        "limits": limits,
        "kind": kind.lower(),
        "trail": _trail(("", str(words))),
    }
    return page(request, "write.html", context, status=422 if form.errors else 200)


def _check_page(
    request: HttpRequest, form: PetitionForm, files: FilesForm, limits: Limits, *, said: str = "", status: int = 200
) -> HttpResponse:
    """Everything as it will be sent, the attachments, the computation."""
    figures, now = queries.sending(clock.today()), clock.now()
    typed = [(name, value) for name, value in _typed(request).items() if value]
    came_before = bool(request.POST.get("proof"))
    token = request.POST.get("send_token", "")
    kind = str(form.cleaned_data["kind"])
    context = {
        "form": form,
        "files": files,
        "typed": typed,
        "shown": _shown(form),
        "said": said,
        "token": token if rules.is_token(token) else uuid.uuid4().hex,
        "proof": (proof.same_challenge if came_before else proof.challenge)(request, figures, at=now),
        "limits": limits,
        "kind": kind.lower(),
        "title": KINDS[kind][0],
        "trail": _trail(("", _("Check and send"))),
    }
    return page(request, "check.html", context, status=422 if files.errors and status == 200 else status)


def _shown(form: PetitionForm) -> list[tuple[str, str]]:
    """What was filled in, as the person reads it through."""
    rows = []
    for name in (
        *PLAIN,
        "subject_unit",
        "field",
        "region",
        "group_size",
        "name",
        "phone",
        "email",
        "address",
        "id_number",
    ):
        value = form.cleaned_data.get(name)
        if value in (None, "") or (form.cleaned_data["who"] != "named" and name in _WHO):
            continue
        choices = {str(key): words for key, words in getattr(form.fields[name], "choices", ())}
        rows.append((str(form.fields[name].label), str(choices.get(str(value), value))))
    return rows


_WHO = ("name", "phone", "email", "address", "id_number")


def _oversize(request: HttpRequest) -> HttpResponse:
    """Larger than all attachments may be: nothing of it was read but what was typed, and that stays."""
    limits = queries.limits(clock.today())
    tries = rate_limit.tally(request, SEND, rate_limit.place_of(request), HOUR)
    if tries > limits.an_hour * _FLOOD:
        return errors.too_many(request, rate_limit.left_of(HOUR))
    form, files = PetitionForm(request.POST, limits=limits), FilesForm({}, limits=limits)
    if not form.is_valid():
        return errors.too_large(request, limits.most_bytes)
    files.add_error("files", too_much(limits))
    return _check_page(request, form, files, limits, status=413)


@door(anyone, most=queries.most_bytes, oversize=_oversize)
def send(request: HttpRequest) -> HttpResponseBase:
    """Take the petition in, once; whoever sends the same form again gets the same receipt."""
    if request.method != "POST":
        return redirect("petition_door:start")
    now, today = clock.now(), clock.today()
    token = request.POST.get("send_token", "")
    if rules.is_token(token) and (before := _sent_before(request, token)) is not None:
        return before
    limits = queries.limits(today)
    tries = rate_limit.tally(request, SEND, rate_limit.place_of(request), HOUR)
    if tries > limits.an_hour * _FLOOD:
        return errors.too_many(request, rate_limit.left_of(HOUR))
    form = PetitionForm(request.POST, limits=limits)
    if not form.is_valid():
        return _write_page(request, form, limits)
    if tries > limits.an_hour:
        return _come_later(request, form, limits)
    files = FilesForm(request.POST, request.FILES, limits=limits)
    if not files.is_valid():
        return _check_page(request, form, files, limits)
    proved = proof.check(request, queries.sending(today), at=now)
    if not proved:
        return _check_page(request, form, FilesForm(limits=limits), limits, said=str(proved.reason), status=422)
    given = form.cleaned_data
    try:
        received = petitions.receive(
            kind=given["kind"],
            channel=Channel.WEB,
            language=get_language() or "",
            request=given["request"],
            facts=given["facts"],
            reasons=given["reasons"],
            identity=form.identity,
            files=files.given,
            subject_unit_id=given["subject_unit"],
            region=given["region"],
            field=given["field"],
            group_size=given["group_size"],
            token=token if rules.is_token(token) else "",
            by=actor_of(request),
            at=now,
        )
    except AlreadySent:
        undo(request)
        return _sent_before(request, token) or redirect("petition_door:start")
    except Refused as refusal:
        undo(request)
        return _refused(request, form, files, limits, refusal)
    return _receipt(request, received.receipt_code)


def _refused(
    request: HttpRequest, form: PetitionForm, files: FilesForm, limits: Limits, refusal: Refused
) -> HttpResponse:
    """A refusal of the core, at its field."""
    if refusal.field in ("file", "files"):
        files.add_error("files", str(refusal))
        return _check_page(request, form, files, limits)
    if refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal))
        return _write_page(request, form, limits)
    return _check_page(request, form, FilesForm(limits=limits), limits, said=str(refusal), status=422)


def _sent_before(request: HttpRequest, token: str) -> HttpResponse | None:
    """The receipt of a form that was sent before; None when it was not."""
    now = clock.now()
    if code := publishing.code_of_form(token, now):
        return _receipt(request, code, again=True)
    if publishing.was_sent(token):
        return page(request, "sent.html", {"trail": _trail(("", _("Sent")))}, status=409)
    return None


def _receipt(request: HttpRequest, code: str, *, again: bool = False) -> HttpResponse:
    context = {"code": code, "again": again, "at": clock.now(), "trail": _trail(("", _("Receipt")))}
    return page(request, "receipt.html", context)


def _come_later(request: HttpRequest, form: PetitionForm, limits: Limits) -> HttpResponse:
    """The published figure is reached: when it goes on, with everything typed still there."""
    wait = rate_limit.left_of(HOUR)
    when = localtime(clock.now() + dt.timedelta(seconds=wait)).strftime("%H:%M")
    said = _(
        "From your place %(n)s petitions were sent within the hour, the most that is taken. Send it again from %(when)s"
        " on; what you have written stays on this page."
    ) % {"n": limits.an_hour, "when": when}
    response = _check_page(request, form, FilesForm(limits=limits), limits, said=said, status=429)
    response["Retry-After"] = str(wait)
    return response
