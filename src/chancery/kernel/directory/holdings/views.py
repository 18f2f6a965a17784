"""Doors onto the verbs of holdings."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.words import words
from chancery.kernel.directory import services
from chancery.kernel.directory.desk.forms import carry_out, opened
from chancery.kernel.directory.holdings.forms import AppointForm, CorrectHoldingForm, EndHoldingForm
from chancery.kernel.directory.models import Holding
from chancery.kernel.directory.posts.views import FORM, address, context_of, post_or_404
from chancery.kernel.directory.queries import former_versions
from chancery.kernel.directory.rules import is_editor
from chancery.kernel.directory.units.queries import stamp_of


def _holding_or_404(holding_id: int) -> Holding:
    try:
        return Holding.objects.select_related("person", "post", "post__unit").get(pk=holding_id)
    except Holding.DoesNotExist:
        raise Http404 from None


@door(is_editor)
def appoint(request: HttpRequest, post_id: int) -> HttpResponse:
    """Put somebody in a post."""
    by = actor_of(request)
    post = post_or_404(post_id)
    initial = {"kind": "ACTING" if request.GET.get("acting") else "SUBSTANTIVE"}
    form: AppointForm = opened(AppointForm, request, seen=stamp_of(post.unit_id), initial=initial)
    return carry_out(
        request, form,
        lambda given: services.appoint(
            person_id=given["person"], post_id=post_id, kind=given["kind"], seat=given["seat"], on=given["on"],
            until=given["until"], decision=given["decision"], reason=given["reason"], seen=given["seen"],
            by=by, at=clock.now(),
        ),
        done=gettext_noop("The appointment is entered."), then=address(post), template=FORM,
        now_seen=lambda: stamp_of(post.unit_id), context=context_of(post, _("Appoint")),
    )  # fmt: skip


@door(is_editor)
def end(request: HttpRequest, holding_id: int) -> HttpResponse:
    """End a holding."""
    by = actor_of(request)
    holding = _holding_or_404(holding_id)
    post = holding.post
    form: EndHoldingForm = opened(EndHoldingForm, request, seen=stamp_of(post.unit_id))
    context = context_of(post, _("End the holding"))
    return carry_out(
        request, form,
        lambda given: services.end_holding(
            holding_id=holding_id, on=given["on"], decision=given["decision"], reason=given["reason"],
            seen=given["seen"],
            by=by, at=clock.now(),
        ),
        done=gettext_noop("The holding is ended."), then=address(post), template=FORM,
        now_seen=lambda: stamp_of(post.unit_id), context={**context,
            "of": f"{words(holding.person)} · {context['of']}"},
    )  # fmt: skip


@door(is_editor)
def correct(request: HttpRequest, holding_id: int) -> HttpResponse:
    """Correct what was entered wrongly; what stood there stays readable below the form."""
    by = actor_of(request)
    holding = _holding_or_404(holding_id)
    post = holding.post
    initial = {"start": holding.during.lower, "end": holding.during.upper, "kind": holding.kind, "seat": holding.seat}
    form: CorrectHoldingForm = opened(
        CorrectHoldingForm, request, seen=stamp_of(post.unit_id), initial={**initial, "decision": holding.decision}
    )
    context = context_of(post, _("Correct the record"))
    return carry_out(
        request, form,
        lambda given: services.correct_holding(holding_id=holding_id, **form.facts(), seen=given["seen"], by=by,
            at=clock.now()),
        done=gettext_noop("The record is corrected; what stood there before is kept."), then=address(post),
        template=FORM,
        now_seen=lambda: stamp_of(post.unit_id),
        context={**context, "of": f"{words(holding.person)} · {context['of']}", "former": former_versions("holding",
            holding_id)},
    )  # fmt: skip
