"""The search page, and suggestions while one types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from chancery.foundations.web.door import door
from chancery.kernel.records.search import queries
from chancery.kernel.records.search.forms import SearchForm
from chancery.kernel.records.search.queries import Filters
from chancery.kernel.records.search.terms import all_kinds

PER_PAGE = 20
LAST_PAGE = queries.CANDIDATES // PER_PAGE


@door(methods=("GET",), rate="120/m")
def search_page(request: HttpRequest) -> HttpResponse:
    """Everything one may see that matches."""
    form = SearchForm(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name) for name in form.fields}
    page = _page(request.GET.get("page", ""))
    filters = Filters(kinds=(asked["kind"],) if asked["kind"] else (), since=asked["since"], until=asked["until"])
    question = asked["q"] or ""
    result = queries.search(
        question,
        by=request.actor,  # type: ignore[attr-defined]  # set by the middleware
        limit=PER_PAGE,
        offset=(page - 1) * PER_PAGE,
        filters=filters,
    )
    names = {code: kind.name for code, kind in all_kinds().items()}
    context = {
        "form": form,
        "q": question,
        "result": result,
        "rows": [(names.get(row.kind, row.kind), row) for row in result.rows],
        "kinds": [(code, names.get(code, code), n) for code, n in sorted(result.kinds.items(), key=lambda kn: -kn[1])],
        "list": {
            "page": page,
            "has_next": page * PER_PAGE < result.total,
            "pages": _near(page, result.total),
            "id": "found",
        },
        "chosen_kind": asked["kind"],
    }
    return render(request, "records/search.html", context)


@door(methods=("GET",), rate="300/m")
def suggest(request: HttpRequest) -> HttpResponse:
    """A few titles while one types, for the search box of the top bar."""
    by = request.actor  # type: ignore[attr-defined]  # set by the middleware
    names = {code: str(kind.name) for code, kind in all_kinds().items()}
    rows = queries.suggestions(request.GET.get("q", ""), by=by)
    lines = [{"value": row.url, "label": row.words, "place": names.get(row.kind, "")} for row in rows if row.url]
    return JsonResponse({"lines": lines, "more": False})


def _page(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 6 else 1


def _near(page: int, total: int) -> list[int]:
    last = max(1, -(-total // PER_PAGE))
    return [number for number in range(page - 3, page + 4) if 1 <= number <= last]
