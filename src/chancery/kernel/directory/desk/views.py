"""The overview, one unit at the desk, vacancies, people with several posts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.journal.terms import act_words
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.words import words
from chancery.kernel.directory import queries, rules
from chancery.kernel.directory.desk import queries as desk
from chancery.kernel.directory.finding.queries import find
from chancery.kernel.directory.models import Unit
from chancery.kernel.directory.publicpage.forms import asked_for
from chancery.kernel.directory.publicpage.queries import below, terms_of
from chancery.kernel.directory.queries import Row
from chancery.kernel.directory.units.queries import stamp_of


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Where one is: the desk, and further in."""
    return [(reverse("directory:desk"), _("Directory")), *more]


def unit_or_404(code: str) -> Unit:
    """The unit of a code."""
    try:
        return Unit.objects.get(code=code)
    except Unit.DoesNotExist:
        raise Http404 from None


def timeline(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Journal entries as the timeline shows them, with the names one may see of the people and posts concerned."""
    people, posts = desk.names_of(entries)
    return [
        {
            "title": " · ".join(_subject(entry, people, posts)),
            "state": "done",
            "who": " · ".join(part for part in (entry["person_name"], entry["post_title"], entry["body_name"]) if part),
            "at": entry["at"],
            "text": _told(entry["data"]),
        }
        for entry in entries
    ]


def _subject(entry: dict[str, Any], people: dict[int, Row], posts: dict[int, Row]) -> list[str]:
    kind, _colon, number = entry["subject"].partition(":")
    person = people.get(entry["data"].get("person") or 0)
    post = posts.get(entry["data"].get("post") or (int(number) if kind == "directory.post" else 0))
    named = [words(person)] if person else []
    return [str(act_words(entry["act"])), *named, *([words(post, "title")] if post else [])]


def _told(data: dict[str, Any]) -> str:
    parts = dict.fromkeys(str(data[key]) for key in ("on", "decision", "reason") if data.get(key))
    changes = [
        f"{key}: {value['from'] or '–'} → {value['to'] or '–'}"
        for key, value in data.items()
        if isinstance(value, dict) and value.keys() == {"from", "to"}
    ]
    return " · ".join([*parts, *changes])


@door(methods=("GET",))
def overview(request: HttpRequest) -> HttpResponse:
    """The tree of today, the find box, and the way to everything else."""
    by = actor_of(request)
    form, on, looked_for = asked_for(request.GET)
    context = {
        "form": form,
        "on": on,
        "is_past": on != clock.today(),
        "tree": desk.tree(on),
        "found": find(looked_for, on=on) if looked_for else None,
        "looked_for": looked_for,
        "may_edit": bool(rules.may_edit(by, None)),
    }
    return render(request, "directory/desk/overview.html", context)


@door(methods=("GET",))
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit with its posts, contacts, terms and history."""
    by = actor_of(request)
    found = unit_or_404(code)
    on = clock.today()
    terms = terms_of(code)
    facts = queries.unit_as_of(found.pk, on)
    context = {
        "unit": found,
        "facts": facts,
        "terms": terms,
        "on": on,
        "posts": desk.posts_at(found.pk, on),
        "contacts": desk.contacts_at("unit", found.pk, on),
        "below": below(found.pk, on),
        "may_edit": bool(rules.may_edit(by, found.pk)),
        "history": timeline(desk.history_of(desk.subjects_of_unit(found.pk), most=60)),
        "stamp": stamp_of(found.pk),
        "trail": trail(("", words(found))),
    }
    return render(request, "directory/desk/unit.html", context)


@door(methods=("GET",))
def vacancies(request: HttpRequest) -> HttpResponse:
    """Seats nobody fills, since when, and who acts."""
    form, on, _words = asked_for(request.GET)
    context = {
        "form": form,
        "on": on,
        "is_past": on != clock.today(),
        "rows": queries.vacancies(on),
        "trail": trail(("", _("Vacancies"))),
    }
    return render(request, "directory/desk/vacancies.html", context)


@door(methods=("GET",))
def several(request: HttpRequest) -> HttpResponse:
    """People with more than one post."""
    form, on, _words = asked_for(request.GET)
    context = {
        "form": form,
        "on": on,
        "is_past": on != clock.today(),
        "rows": queries.concurrent_posts(on),
        "trail": trail(("", _("Several posts"))),
    }
    return render(request, "directory/desk/several.html", context)
