"""The search page, and suggestions while one types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render

from chancery.foundations.web.door import actor_of, door
from chancery.kernel.records.archive.terms import LABEL_WORDS
from chancery.kernel.records.search import queries
from chancery.kernel.records.search.forms import NARROWS, SearchForm
from chancery.kernel.records.search.terms import all_kinds, all_states

PER_PAGE = 20
LAST_PAGE = queries.CANDIDATES // PER_PAGE
SHOWN_VALUES = 8
_PARAMETERS = {"kind": "kind", "unit": "unit", "state": "state", "class": "class_code", "label": "label"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its words, how many, the address that chooses it or, chosen, lets go of it."""

    words: str
    count: str
    address: str
    is_chosen: bool


@door(methods=("GET",), rate="120/m")
def search_page(request: HttpRequest) -> HttpResponse:
    """Everything one may see that matches."""
    form = SearchForm(request.GET)
    asked, page = form.asked(), _page(request.GET.get("page", ""))
    question = form.cleaned_data.get("q") or ""
    result = queries.search(
        question,
        by=actor_of(request),
        limit=PER_PAGE,
        offset=(page - 1) * PER_PAGE,
        filters=queries.filters_of(asked),
        newest_first=form.cleaned_data.get("sort") == "date",
    )
    names = _names(result, asked)
    context = {
        "form": form,
        "q": question,
        "result": result,
        "rows": [
            (names["kind"].get(row.kind, row.kind), names["state"].get(row.state, ""), row) for row in result.rows
        ],
        "facets": list(_facets(request.GET, result, names, asked)),
        "chips": [(form.fields[name].label, words, link) for name, words, link in _chips(request.GET, names, asked)],
        "narrows": [form[name] for name in ("sort", *NARROWS)],
        "list": {
            "page": page,
            "has_next": page * PER_PAGE < result.total,
            "pages": _near(page, result.total),
            "id": "found",
        },
        "query": _link(request.GET, page=""),
        "labels": LABEL_WORDS,
    }
    return render(request, "records/search.html", context)


@door(methods=("GET",), rate="300/m")
def suggest(request: HttpRequest) -> HttpResponse:
    """A few titles while one types, for the search box of the top bar."""
    by = actor_of(request)
    names = {code: str(kind.name) for code, kind in all_kinds().items()}
    rows = queries.suggestions(request.GET.get("q", ""), by=by)
    lines = [{"value": row.url, "label": row.words, "place": names.get(row.kind, "")} for row in rows if row.url]
    return JsonResponse({"lines": lines, "more": False})


def _names(result: queries.Result, asked: Mapping[str, Any]) -> dict[str, dict[Any, Any]]:
    """The words of every value that is shown."""
    units = {*result.facets.get("unit", ()), *([asked["unit"]] if "unit" in asked else [])}
    classes = {*result.facets.get("class", ()), *([asked["class_code"]] if "class_code" in asked else [])}
    named = queries.class_names(classes) if classes else {}
    return {
        "kind": {code: kind.name for code, kind in all_kinds().items()},
        "unit": queries.unit_names(units) if units else {},
        "state": dict(all_states()),
        "class": {code: f"{code} {named[code]}" if code in named else code for code in classes},
        "label": dict(LABEL_WORDS),
    }


def _facets(
    given: QueryDict, result: queries.Result, names: Mapping[str, Mapping[Any, Any]], asked: Mapping[str, Any]
) -> Iterator[tuple[str, list[Choice]]]:
    """What narrows further, the commonest values first; a facet with one value that all have says nothing."""
    for facet, parameter in _PARAMETERS.items():
        counts = result.facets.get(facet, {})
        chosen = str(asked.get(parameter, ""))
        if len(counts) < 2 and not chosen:
            continue
        ranked = sorted(counts.items(), key=lambda one: (str(one[0]) != chosen, -one[1][0], str(one[0])))
        yield (
            parameter,
            [
                Choice(
                    str(names[facet].get(value, value)),
                    f"{n}+" if more else str(n),
                    _link(given, page="", **{parameter: "" if str(value) == chosen else value}),
                    str(value) == chosen,
                )
                for value, (n, more) in ranked[:SHOWN_VALUES]
            ],
        )


def _chips(
    given: QueryDict, names: Mapping[str, Mapping[Any, Any]], asked: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """What is chosen, each with the address that lets go of it."""
    facets = {parameter: facet for facet, parameter in _PARAMETERS.items()}
    for name, value in asked.items():
        known = names.get(facets.get(name, ""), {})
        key = int(value) if name in ("label", "unit") else value
        yield name, str(known.get(key, value)), _link(given, page="", **{name: ""})


def _link(given: QueryDict, **changes: Any) -> str:
    """The page's query with some values changed; what is empty is left out."""
    query = given.copy()
    for name in ("unit_words", "unit_find"):
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = str(value)
    for name in [name for name, value in query.items() if value == ""]:
        del query[name]
    return f"?{query.urlencode()}"


def _page(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 6 else 1


def _near(page: int, total: int) -> list[int]:
    last = max(1, -(-total // PER_PAGE))
    return [number for number in range(page - 3, page + 4) if 1 <= number <= last]
