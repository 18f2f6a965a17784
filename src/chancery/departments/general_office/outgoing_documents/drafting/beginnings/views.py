"""Pages of templates."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
from chancery.departments.general_office.outgoing_documents.drafting.beginnings import rules, services
from chancery.departments.general_office.outgoing_documents.drafting.beginnings.forms import TemplateForm
from chancery.foundations import clock
from chancery.foundations.rulebook.terms import Profile
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.web.forms import refuse
from chancery.foundations.words import words
from chancery.kernel.records.papertypes import queries as paper_types


@door(drafting.may_draft, methods=("GET",))
def templates(request: HttpRequest) -> HttpResponseBase:
    """The templates one may begin from, by type."""
    by = actor_of(request)
    profile = _profile(request)
    names = {one.code: words(one) for one in paper_types.holding(clock.today(), profile=profile)}
    rows = [
        {"one": one, "type": names.get(one.paper_type, one.paper_type), "unit": words(one.unit) if one.unit else ""}
        for one in drafting.templates(by, profile=profile).select_related("unit")
    ]
    tabs = [
        {"title": one.label, "address": f"?profile={one.value}", "is_here": one.value == profile} for one in Profile
    ]
    context = {"rows": rows, "tabs": tabs, "profile": profile, "trail": _trail((None, _("Templates")))}
    return render(request, "general_office/outgoing_documents/drafting/templates.html", context)


@door(drafting.may_draft)
def keep(request: HttpRequest, template_id: int | None = None) -> HttpResponseBase:
    """A new template, or a change of one."""
    by = actor_of(request)
    one = drafting.template(template_id) if template_id else None
    if template_id and (one is None or one.unit_id not in (None, by.body_id)):
        raise Http404
    profile = one.profile if one else _profile(request)
    form = TemplateForm(
        request.POST or None,
        initial=TemplateForm.initial_of(one) if one else {"language": "zh" if profile == "cn" else "en"},
        profile=profile,
        on=clock.today(),
    )
    if request.method == "POST" and form.is_valid():
        facts = form.facts(profile=profile, unit_id=by.body_id)
        try:
            services.keep_template(template_id=template_id, facts=facts, by=by, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The template is kept."))
            return redirect(f"{reverse('general_office:outgoing_templates')}?profile={profile}")
    is_mine = one is None or bool(rules.may_keep(by, one.unit_id, documents.office_id()))
    context = {
        "form": form,
        "one": one,
        "is_mine": is_mine,
        "back": f"{reverse('general_office:outgoing_templates')}?profile={profile}",
        "widths": {
            "name_en": "half",
            "name_zh": "half",
            "whose": "half",
            "paper_type": "half",
            "direction": "half",
            "language": "half",
        },
        "trail": _trail(
            (reverse("general_office:outgoing_templates"), _("Templates")),
            (None, words(one) if one else _("New template")),
        ),
    }
    status = 422 if form.errors else 200
    return render(request, "general_office/outgoing_documents/drafting/template.html", context, status=status)


@door(drafting.may_draft, methods=("POST",))
def end(request: HttpRequest, template_id: int) -> HttpResponseBase:
    """Take one out of use."""
    by = actor_of(request)
    services.end_template(template_id=template_id, by=by, at=clock.now())
    messages.success(request, _("The template is out of use."))
    return redirect("general_office:outgoing_templates")


def _profile(request: HttpRequest) -> str:
    profile = request.GET.get("profile") or settings.PROFILE
    if profile not in Profile.values:
        raise Http404
    return str(profile)


def _trail(*more: tuple[str | None, str]) -> list[tuple[str | None, str]]:
    return [(reverse("general_office:outgoing_drafts"), _("My drafts")), *more]
