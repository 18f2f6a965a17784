"""People at the desk."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.words import words
from chancery.kernel.directory import services
from chancery.kernel.directory.desk.forms import carry_out, opened
from chancery.kernel.directory.desk.queries import contacts_at, history_of, holdings_of
from chancery.kernel.directory.desk.views import timeline, trail
from chancery.kernel.directory.finding.queries import find_people
from chancery.kernel.directory.models import Person
from chancery.kernel.directory.people.forms import NewPersonForm, RenamePersonForm
from chancery.kernel.directory.publicpage.forms import asked_for
from chancery.kernel.directory.queries import former_versions
from chancery.kernel.directory.rules import is_editor

FORM = "directory/desk/form.html"


def person_or_404(code: str) -> Person:
    """A person the actor may see."""
    try:
        return Person.objects.get(code=code)
    except Person.DoesNotExist:
        raise Http404 from None


def address(code: str) -> str:
    """The person at the desk."""
    return reverse("directory:desk_person", args=[code])


@door(methods=("GET",))
def search(request: HttpRequest) -> HttpResponse:
    """Find people by name, pinyin or initials."""
    form, on, looked_for = asked_for(request.GET)
    people = find_people(looked_for, on=on, most=50) if looked_for else []
    context = {"form": form, "on": on, "is_past": on != clock.today(), "looked_for": looked_for, "people": people,
               "trail": trail(("", _("People")))}  # fmt: skip
    return render(request, "directory/desk/people.html", context)


@door(methods=("GET",))
def show(request: HttpRequest, code: str) -> HttpResponse:
    """A person: posts through time, contacts, history."""
    by = actor_of(request)
    person = person_or_404(code)
    on = clock.today()
    holdings = holdings_of("person", person.pk, on)
    subjects = [f"directory.person:{person.pk}", *(f"directory.holding:{row['id']}" for row in holdings)]
    context = {
        "person": person,
        "holdings": holdings,
        "contacts": contacts_at("person", person.pk, on),
        "former": former_versions("person", person.pk),
        "history": timeline(history_of(subjects)),
        "may_edit": bool(is_editor(by)),
        "trail": trail((reverse("directory:desk_people"), _("People")), ("", words(person))),
    }
    return render(request, "directory/desk/person.html", context)


@door(is_editor)
def new(request: HttpRequest) -> HttpResponse:
    """Add a person."""
    by = actor_of(request)
    form: NewPersonForm = opened(NewPersonForm, request, seen=None)
    people = reverse("directory:desk_people")
    return carry_out(
        request, form,
        lambda given: services.add_person(
            name_en=given["name_en"], name_zh=given["name_zh"], label=given["label"], is_namesake=given["is_namesake"],
            by=by, at=clock.now(),
        ),
        done=gettext_noop("The person is added."), then=lambda made: address(made.code),
        template=FORM,
        context={"heading": _("Add a person"), "trail": trail((people, _("People")), ("", _("Add a person"))),
            "cancel": people},
    )  # fmt: skip


@door(is_editor)
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Correct how a person is written."""
    by = actor_of(request)
    person = person_or_404(code)
    initial = {"name_en": person.name_en, "name_zh": person.name_zh, "label": person.label}
    form: RenamePersonForm = opened(RenamePersonForm, request, seen=person.version, initial=initial)
    heading = _("Correct the name")
    return carry_out(
        request, form,
        lambda given: services.rename_person(
            person_id=person.pk, name_en=given["name_en"], name_zh=given["name_zh"], label=given["label"],
            reason=given["reason"], seen=given["seen"], by=by, at=clock.now(),
        ),
        done=gettext_noop("The name is corrected; the earlier spelling is kept."), then=address(code), template=FORM,
        now_seen=lambda: person_or_404(code).version,
        context={"heading": heading, "of": words(person), "cancel": address(code),
                 "trail": trail((address(code), words(person)), ("", heading)), "former": former_versions("person",
                     person.pk)},
    )  # fmt: skip
