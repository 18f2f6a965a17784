"""The matter page and its verbs. A refused form comes back with its reason and its text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.verdict import Refused, Stale
from chancery.foundations.web.door import actor_of, door, undo
from chancery.kernel.access.readings.views import was_read
from chancery.kernel.procedures import services
from chancery.kernel.procedures.deadlines.terms import RequestState
from chancery.kernel.procedures.inbox.views import back_to
from chancery.kernel.procedures.matterpage import forms as verbs
from chancery.kernel.procedures.matterpage import queries as page
from chancery.kernel.procedures.matters import queries
from chancery.kernel.procedures.matters.models import Task
from chancery.kernel.procedures.moving import queries as moving
from chancery.kernel.procedures.moving.queries import NotThere

Context = dict[str, Any]


@door(methods=("GET",))
def matter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Where a matter stands, what is asked of me, by when, what happens next."""
    by, at = actor_of(request), clock.now()
    try:
        of = queries.matter(matter_id)
    except NotThere:
        raise Http404 from None
    services.look_at(matter_id=matter_id, by=by, at=at)
    was_read(request, guard_id=of.guard_id, label=of.label, subject=f"procedures.matter:{of.pk}")
    return _page(request, matter_id)


def _exists(matter_id: int) -> bool:
    try:
        queries.matter(matter_id)
    except NotThere:
        return False
    return True


def _page(request: HttpRequest, matter_id: int, *, status: int = 200, **refused: Any) -> HttpResponse:
    """The page; `refused` carries a form that was not accepted: task_id or verb, form, opinion, refusal."""
    by, at = actor_of(request), clock.now()
    context = page.gather(queries.matter(matter_id), by=by, at=at)
    for asked in context["asked"]:
        verbs.put_forms(asked, by=by, refused=refused)
    context["verbs"] = verbs.for_matter(context, by=by, refused=refused)
    context["refused"] = refused
    context["trail"] = [(reverse("procedures:inbox"), _("Inbox")), ("", context["matter"].number)]
    return render(request, "procedures/matter.html", context, status=status)


@door(methods=("POST",))
def complete(request: HttpRequest, task_id: int) -> HttpResponse:
    """End a step with the outcome of the pressed button."""
    by, at = actor_of(request), clock.now()
    opinion, seen = request.POST.get("opinion", ""), request.POST.get("seen", "")
    read: dict[str, Any] = {}

    def given(hand: moving.Hand) -> dict[str, Any]:
        read["matter"] = hand.matter.pk
        if hand.step is None or hand.step.form is None:
            return {}
        read["form"] = hand.step.form(request.POST, request.FILES, matter=hand.matter, task=hand.task, by=by)
        return verbs.filled(read["form"])

    try:
        matter_id = services.complete(
            task_id=task_id,
            outcome=request.POST.get("outcome", ""),
            opinion=opinion,
            data=given,
            seen_version=int(seen) if seen.isdigit() else None,
            act_token=request.POST.get("act_token", "")[:64],
            by=by,
            at=at,
        )
    except NotThere:
        raise Http404 from None
    except verbs.Incomplete as incomplete:
        undo(request)
        return _page(request, read["matter"], status=422, task_id=task_id, form=incomplete.form, opinion=opinion)
    except Refused as refusal:
        undo(request)
        form = read.get("form")
        if form is not None and refusal.field and refusal.field in getattr(form, "fields", {}):
            form.add_error(refusal.field, str(refusal))
        status = 409 if isinstance(refusal, Stale) else 422
        return _page(
            request, read["matter"], status=status, task_id=task_id, form=form, opinion=opinion, refusal=refusal
        )
    messages.success(request, _("Done."))
    return redirect("procedures:matter", matter_id)


def _hand(task_id: int, request: HttpRequest) -> moving.Hand:
    try:
        return moving.look_at_task(task_id, by=actor_of(request))
    except NotThere:
        raise Http404 from None


@door(methods=("POST",))
def task_verb(request: HttpRequest, task_id: int, verb: str) -> HttpResponse:
    """Claim, release, return, recall, hand over, add a signer, ask for more time, mark as read."""
    hand = _hand(task_id, request)
    return _act(
        request, hand.matter.pk, f"{verb}:{task_id}", verbs.TASK_VERBS.get(verb), {"task_id": task_id, "hand": hand}
    )


@door(methods=("POST",))
def matter_verb(request: HttpRequest, matter_id: int, verb: str) -> HttpResponse:
    """Urge, circulate, pause, resume, close, reopen, watch."""
    if not _exists(matter_id):
        raise Http404
    return _act(request, matter_id, verb, verbs.MATTER_VERBS.get(verb), {"matter_id": matter_id})


@door(methods=("POST",))
def decide(request: HttpRequest, request_id: int) -> HttpResponse:
    """Grant or refuse more time."""
    found = Task.objects.filter(
        extension_requests__pk=request_id, extension_requests__state__in=RequestState.values
    ).first()
    if found is None:
        raise Http404
    return _act(request, found.matter_id, f"decide:{request_id}", verbs.decide, {"request_id": request_id})


def _act(
    request: HttpRequest, matter_id: int, name: str, verb: Callable[..., Any] | None, given: Context
) -> HttpResponse:
    """Run a verb from its form; come back with the form when it is refused."""
    if verb is None:
        raise Http404
    by, at = actor_of(request), clock.now()
    form: forms.Form | None = None
    try:
        said = verb(request=request, by=by, at=at, **given)
    except verbs.Incomplete as incomplete:
        form = incomplete.form
        undo(request)
        return _page(request, matter_id, status=422, verb=name, form=form)
    except Refused as refusal:
        undo(request)
        status = 409 if isinstance(refusal, Stale) else 422
        return _page(
            request, matter_id, status=status, verb=name, form=verbs.sent(request, name, given), refusal=refusal
        )
    except NotThere:
        raise Http404 from None
    if said:
        messages.success(request, said)
    return redirect(back_to(request, reverse("procedures:matter", args=[matter_id])))
