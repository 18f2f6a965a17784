"""Pages of saved searches."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.verdict import Refused, Stale
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.web.forms import refuse
from chancery.kernel.records.search.forms import SearchForm
from chancery.kernel.records.search.saved import queries, services
from chancery.kernel.records.search.saved.forms import ChangeForm, SaveForm
from chancery.kernel.records.search.saved.models import SavedSearch
from chancery.kernel.records.search.saved.terms import Notify
from chancery.kernel.records.search.terms import all_kinds


def _address(saved: SavedSearch) -> str:
    return f"{reverse('records:search')}?{urlencode({'q': saved.question, **saved.asked})}"


@door(methods=("GET",))
def saved_searches(request: HttpRequest) -> HttpResponse:
    """One's saved searches."""
    rows = [
        {**row, "address": f"{reverse('records:search')}?{urlencode({'q': row['question'], **row['asked']})}"}
        for row in queries.mine()
    ]
    return render(request, "records/saved_searches.html", {"rows": rows, "trail": _trail()})


@door()
def save_search(request: HttpRequest) -> HttpResponse:
    """Save the question of the search page."""
    asking = SearchForm(request.GET)
    asked, q = asking.asked(), asking.cleaned_data.get("q") or ""
    form = SaveForm(request.POST or None, initial={"name": q[:80], "notify": Notify.DAILY})
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_search(
                **form.cleaned_data,
                q=q,
                asked=asked,
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The search is saved."))
            return redirect("records:saved_search", saved.pk)
    back = f"{reverse('records:search')}?{urlencode({'q': q, **asked})}"
    context = {"form": form, "q": q, "asked": _words_of(asked), "back": back, "trail": [*_trail(), ("", _("Save"))]}
    return render(request, "records/save_search.html", context)


@door()
def saved_search(request: HttpRequest, saved_id: int) -> HttpResponse:
    """What is new, and how it is kept."""
    saved = queries.one_of_mine(saved_id)
    if saved is None:
        raise Http404
    known = {"name": saved.name, "notify": saved.notify, "version": saved.version}
    form = ChangeForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_search(
                saved_id=saved_id,
                **form.cleaned_data,
                by=actor_of(request),
                at=clock.now(),
            )
        except Stale:
            raise
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The saved search is changed."))
            return redirect("records:saved_search", saved_id)
    names = {code: kind.name for code, kind in all_kinds().items()}
    context = {
        "saved": saved,
        "form": form,
        "rows": [(names.get(row.kind, row.kind), row) for row in queries.fresh_finds(saved)],
        "address": _address(saved),
        "asked": _words_of(saved.asked),
        "trail": [*_trail(), ("", saved.name)],
    }
    return render(request, "records/saved_search.html", context)


def _do(request: HttpRequest, saved_id: int, what: str) -> None:
    if queries.one_of_mine(saved_id) is None:
        raise Http404
    getattr(services, what)(
        saved_id=saved_id,
        by=actor_of(request),
        at=clock.now(),
    )


@door(methods=("POST",))
def seen(request: HttpRequest, saved_id: int) -> HttpResponse:
    """Mark what is new as looked at."""
    _do(request, saved_id, "look_at_finds")
    return redirect("records:saved_searches")


@door(methods=("POST",))
def stop(request: HttpRequest, saved_id: int) -> HttpResponse:
    """Unsubscribe."""
    _do(request, saved_id, "stop_notices")
    messages.success(request, _("There will be no more notices of it."))
    return redirect("records:saved_search", saved_id)


@door(methods=("POST",))
def drop(request: HttpRequest, saved_id: int) -> HttpResponse:
    """Delete it."""
    _do(request, saved_id, "drop_search")
    messages.success(request, _("The saved search is deleted."))
    return redirect("records:saved_searches")


def _trail() -> list[tuple[str, str]]:
    return [(reverse("records:search"), _("Search")), (reverse("records:saved_searches"), _("Saved searches"))]


def _words_of(asked: dict[str, object]) -> list[tuple[str, str]]:
    """What narrows it, in words: (label, value)."""
    form = SearchForm({name: str(value) for name, value in asked.items()})
    said = []
    for name, value in asked.items():
        one = form.fields[name]
        choices = dict(getattr(one, "choices", ()) or ())
        words = queries.unit_name(int(str(value))) if name == "unit" else choices.get(str(value), value)
        said.append((str(one.label), str(words)))
    return said
