"""Pages of the inbox."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.card import all_roles
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.web.tables import PER_PAGE_CHOICES, Bulk, Column, Filter, ListPage
from chancery.foundations.words import words
from chancery.kernel.directory.models import Unit
from chancery.kernel.procedures.bindings import all_bindings
from chancery.kernel.procedures.definitions.queries import step_names
from chancery.kernel.procedures.inbox import queries, services
from chancery.kernel.procedures.inbox.terms import COUNT_CAP, LIST_CAP, TABS
from chancery.kernel.procedures.matters.terms import MatterState, Urgency

URGENCY_TONES = {Urgency.URGENT.value: "amber", Urgency.EXTRA_URGENT.value: "red"}
STATE_TONES = {MatterState.OPEN.value: "blue", MatterState.PAUSED.value: "violet", MatterState.CLOSED.value: "neutral"}


@door()
def inbox(request: HttpRequest, tab: str = "todo") -> HttpResponseBase:
    """What waits for me, and what I had to do with."""
    if tab not in TABS:
        raise Http404
    by = actor_of(request)
    counts = queries.counts(by)
    rows, known = queries.rows_of(tab, by, first=_first(request))
    names = step_names()

    def step(row: Any) -> str:
        known = names.get(row["procedure"], {})
        told = [known.get(code, code) for code in row["step"].split(",") if code]
        return ", ".join(told) if told else ("" if row.get("matter_state") == "CLOSED" else str(_("For reading")))

    procedures = {of.code: words(of) for of in all_bindings()}
    page = ListPage(
        request,
        name=f"procedures.inbox.{tab}",
        rows=rows,
        columns=[
            Column("number", _("Number"), sort="number", style="tight"),
            Column(
                "title",
                _("Title"),
                sort="title",
                is_main=True,
                style="cut",
                link=lambda row: f"/matters/{row['matter_pk']}/",
            ),
            Column("step", _("Step"), value=step),
            Column("procedure", _("Procedure"), codes=procedures, is_shown=False),
            Column("unit", _("Unit"), kind="words"),
            Column(
                "urgency", _("Urgency"), kind="badge", codes=dict(Urgency.choices), tones=URGENCY_TONES, sort="urgency"
            ),
            Column("due_on", _("Due"), kind="deadline", sort="due_on"),
            Column(
                "matter_state",
                _("State"),
                kind="badge",
                codes=dict(MatterState.choices),
                tones=STATE_TONES,
                is_shown=tab in {"done", "started", "watched"},
            ),
            Column("asked_at", _("Since"), kind="datetime", sort="asked_at", is_shown=False),
        ],
        filters=[
            Filter("procedure", _("Procedure"), choices=lambda: list(procedures.items())),
            Filter("urgency", _("Urgency"), choices=Urgency.choices),
            Filter("unit_pk", _("Unit"), choices=_units),
            Filter("matter_state", _("State"), choices=MatterState.choices),
            Filter("due_on", _("Due"), kind="date_range"),
        ],
        search=("title", "number"),
        order=queries.order_of(tab),
        caption=TABS[tab],
        bulk=_bulk(tab),
        empty=_nothing(tab),
        rows_template="procedures/inbox_rows.html",
    )
    if known is not None and not page.is_narrowed:
        # The tab has counted its rows already, up to the cap.
        page.count_to = min(page.count_to, COUNT_CAP - 1) if known == counts.get(tab) else page.count_to
        page.count = min(known, page.count_to + 1)
    tabs = [
        {
            "address": reverse("procedures:inbox_tab", args=[code]) if code != "todo" else reverse("procedures:inbox"),
            "title": title,
            "is_here": code == tab,
            "n": (f"{COUNT_CAP - 1}+" if counts[code] >= COUNT_CAP else counts[code]) if counts.get(code) else None,
            "is_late": code == "overdue",
        }
        for code, title in TABS.items()
    ]
    return page.respond(
        "procedures/inbox.html",
        {"tabs": tabs, "tab": tab, "tab_title": TABS[tab], "printed_rows": lambda: _printed(page)},
    )


def _printed(page: ListPage) -> SafeString:
    """The rows of the page. A template would visit some six hundred nodes for twenty rows: half of the page's time."""
    attributes = [column.attributes for column in page.columns]
    pick = (
        '<td class="pick"><input type="checkbox" name="pick" value="{}" data-pick aria-label="{}"></td>'
        if page.bulk
        else ""
    )
    label = gettext("Pick row %(n)s")
    rows = []
    for n, line in enumerate(page.body, 1):
        picked = format_html(pick, line["key"], label % {"n": n}) if pick else ""
        inside = (conditional_escape(cell.inside) for cell in line["cells"])
        cells = "".join([f"<td{of}>{text}</td>" for of, text in zip(attributes, inside, strict=True)])
        rows.append(f"<tr>{picked}{cells}</tr>")
    return mark_safe("\n".join(rows))  # noqa: S308 - every piece was escaped above; format_html would do it once more


def _first(request: HttpRequest) -> int:
    """How many rows a page in the list's own order needs; every row, once one sorts, filters, searches or exports."""
    asked = {key for key, value in request.GET.items() if value} - {"page", "per", "col"}
    if asked:
        return LIST_CAP
    page, per = (
        int(request.GET.get(key, "") or 0) if request.GET.get(key, "").isdigit() else 0 for key in ("page", "per")
    )
    return max(1, page) * (per if per in PER_PAGE_CHOICES else PER_PAGE_CHOICES[0]) + 1


_UNITS_FOR_SECONDS = 60.0
_known_units: dict[str, tuple[float, list[tuple[str, str]]]] = {}


def _units() -> list[tuple[str, str]]:
    """The units to filter by; a minute-old answer is good enough for a choice."""
    language = get_language() or ""
    known = _known_units.get(language)
    if known and time.monotonic() - known[0] < _UNITS_FOR_SECONDS:
        return known[1]
    found = _read_units()
    _known_units[language] = (time.monotonic(), found)
    return found


def _read_units() -> list[tuple[str, str]]:
    alive = Unit.objects.filter(is_void=False).order_by("position", "id")[:300]
    return [(str(row["id"]), words(row)) for row in alive.values("id", "name_en", "name_zh")]


def _bulk(tab: str) -> list[Bulk]:
    if tab == "todo":
        return [
            Bulk(reverse("procedures:act_on_many", args=["claim"]), _("Take in hand"), tone="primary"),
            Bulk(reverse("procedures:act_on_many", args=["read"]), _("Mark as read")),
            Bulk(
                reverse("procedures:act_on_many", args=["urge"]),
                _("Urge"),
                confirm=_("Remind everyone the picked steps are with?"),
            ),
        ]
    if tab == "read":
        return [Bulk(reverse("procedures:act_on_many", args=["read"]), _("Mark as read"), tone="primary")]
    return []


def _nothing(tab: str) -> dict[str, Any]:
    said = {
        "todo": (_("Nothing to do"), _("New tasks appear here as they reach you.")),
        "read": (_("Nothing to read"), _("What is sent round to you appears here.")),
        "overdue": (_("Nothing is overdue"), ""),
        "done": (_("Nothing done yet"), ""),
        "started": (_("You have started no matter"), ""),
        "watched": (_("You watch no matter"), _("Choose Watch on a matter to keep an eye on it.")),
    }[tab]
    return {"symbol": "inbox", "title": said[0], "text": said[1]}


@door(methods=("POST",))
def act_on_many(request: HttpRequest, act: str) -> HttpResponse:
    """Claim, mark as read or urge the picked tasks."""
    ids = [int(value) for value in request.POST.getlist("pick") if value.isdigit()]
    queries.forget_counts()
    done, refused = services.act_on_many(act=act, task_ids=ids, by=actor_of(request), at=clock.now())
    if done:
        messages.success(request, ngettext("%(n)s task done.", "%(n)s tasks done.", done) % {"n": done})
    for _task, why in refused[:3]:
        messages.warning(request, why)
    if len(refused) > 3:
        more = len(refused) - 3
        messages.warning(request, ngettext("%(n)s more was refused.", "%(n)s more were refused.", more) % {"n": more})
    return redirect(back_to(request, reverse("procedures:inbox")))


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The page the form stood on, if it is one of ours."""
    came_from = request.headers.get("referer", "")
    parts = urlsplit(came_from)
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return otherwise
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@door()
def unanswered(request: HttpRequest) -> HttpResponse:
    """Steps nobody answers for: for the registrar to mend."""
    roles = all_roles()
    rows = queries.unanswered()
    for row in rows:
        row["role_words"] = words(roles[row["role"]]) if row["role"] in roles else row["role"]
    return render(
        request,
        "procedures/unanswered.html",
        {"rows": rows, "trail": [(reverse("procedures:inbox"), _("Inbox")), ("", _("Nobody answers"))]},
    )
