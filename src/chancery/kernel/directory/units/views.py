"""Doors onto the verbs of units."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.words import words
from chancery.kernel.directory import services
from chancery.kernel.directory.desk.forms import carry_out, opened
from chancery.kernel.directory.desk.views import trail, unit_or_404
from chancery.kernel.directory.models import Unit
from chancery.kernel.directory.rules import is_editor
from chancery.kernel.directory.units.forms import DissolveForm, NewUnitForm, UnitForm
from chancery.kernel.directory.units.queries import stamp_of

FORM = "directory/desk/form.html"


def _desk(code: str) -> str:
    return reverse("directory:desk_unit", args=[code])


@door(is_editor)
def new(request: HttpRequest) -> HttpResponse:
    """Set up a unit."""
    by = actor_of(request)
    above = Unit.objects.filter(code=request.GET.get("parent", "")).values_list("pk", flat=True).first()
    initial = {"parent": above, "position": 0}
    form: NewUnitForm = opened(NewUnitForm, request, seen=None, initial=initial)
    return carry_out(
        request, form,
        lambda given: services.create_unit(
            code=given["code"], **form.facts(), on=given["on"], decision=given["decision"], reason=given["reason"],
            by=by, at=clock.now(),
        ),
        done=gettext_noop("The unit is set up."), then=lambda made: _desk(made.code),
        template=FORM, context={"heading": _("New unit"), "trail": trail(("", _("New unit"))),
            "cancel": reverse("directory:desk")},
    )  # fmt: skip


@door(is_editor)
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Rename, move, describe, let lead: the unit's facts from a day on."""
    by = actor_of(request)
    unit = unit_or_404(code)
    initial = {
        name: getattr(unit, name) for name in ("name_en", "name_zh", "kind", "position", "functions_en", "functions_zh")
    }
    initial |= {"parent": unit.parent_id, "led_by": unit.led_by_id}
    form: UnitForm = opened(UnitForm, request, seen=stamp_of(unit.pk), initial=initial)
    return carry_out(
        request, form,
        lambda given: services.change_unit(
            unit_id=unit.pk, changes=form.facts(), act="unit.changed", on=given["on"], decision=given["decision"],
            reason=given["reason"], seen=given["seen"], by=by, at=clock.now(),
        ),
        done=gettext_noop("The unit is changed."), then=_desk(code), template=FORM, now_seen=lambda: stamp_of(unit.pk),
        context=_context(unit, _("Change the unit")),
    )  # fmt: skip


@door(is_editor)
def dissolve(request: HttpRequest, code: str) -> HttpResponse:
    """End a unit."""
    by = actor_of(request)
    unit = unit_or_404(code)
    form: DissolveForm = opened(DissolveForm, request, seen=stamp_of(unit.pk))
    return carry_out(
        request, form,
        lambda given: services.dissolve_unit(
            unit_id=unit.pk, on=given["on"], with_posts=given["with_posts"], decision=given["decision"],
            reason=given["reason"], seen=given["seen"], by=by, at=clock.now(),
        ),
        done=gettext_noop("The unit is dissolved."), then=_desk(code), template=FORM,
        now_seen=lambda: stamp_of(unit.pk),
        context={**_context(unit, _("Dissolve the unit")), "tone": "danger"},
    )  # fmt: skip


@door(is_editor, methods=("POST",))
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Say that what is shown is right, today."""
    by = actor_of(request)
    services.confirm_unit(unit_id=unit_or_404(code).pk, by=by, at=clock.now())
    return HttpResponseRedirect(_desk(code))


def _context(unit: Unit, heading: str) -> dict[str, object]:
    return {
        "heading": heading,
        "of": words(unit),
        "unit": unit,
        "trail": trail((_desk(unit.code), words(unit)), ("", heading)),
        "cancel": _desk(unit.code),
    }
