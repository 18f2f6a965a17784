"""Pages of the journal, for auditors: what was done, one entry, the daily seals and a check on demand."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from chancery.foundations import clock, duties
from chancery.foundations.journal import queries, services, tasks, terms, verify
from chancery.foundations.journal.models import Entry, Seal
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.web.tables import Column, Filter, ListPage

audits = duties.rule("auditor")

LIST = (*queries.LINE, "subject", "day")


@door(audits, methods=("GET",))
def entries(request: HttpRequest) -> HttpResponseBase:
    """Every entry the auditor may see, newest first."""
    page = ListPage(
        request,
        name="journal.entries",
        rows=Entry.objects.values(*LIST),
        order="-id",
        columns=[
            Column("at", gettext_lazy("Time"), kind="datetime", sort="id"),
            Column(
                "act",
                gettext_lazy("Act"),
                value=lambda row: str(terms.act_words(row["act"])),
                is_main=True,
                link=_address,
                style="tight",
            ),
            Column("who", gettext_lazy("Who"), value=queries.who),
            Column(
                "subject",
                pgettext_lazy("journal entry", "On"),
                link=lambda row: f"{reverse('journal:entries')}?subject={row['subject']}",
            ),
            Column("seq", gettext_lazy("Place in the chain"), kind="number"),
            Column("day", gettext_lazy("Booked on"), kind="date", is_shown=False),
            Column("data", gettext_lazy("Data"), value=_data, style="cut", is_shown=False),
            Column("id", gettext_lazy("Entry number"), kind="number", is_shown=False),
        ],
        filters=[
            Filter("act", gettext_lazy("Act"), choices=_acts),
            Filter("kind", pgettext_lazy("journal entry", "By"), choices=KINDS),
            Filter("day", gettext_lazy("Booked on"), kind="date_range"),
            Filter(
                "subject",
                gettext_lazy("Subject begins with"),
                kind="text",
                apply=lambda rows, said: rows.filter(queries.under(said)),
            ),
        ],
        search=_found,
        empty={"title": _("No entry fits."), "text": _("Widen the days or the search.")},
    )
    return page.respond("journal/entries.html", {})


@door(audits, methods=("GET",))
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry whole, with its place in the chain and its hash worked out anew."""
    columns = [column.attname for column in Entry._meta.concrete_fields]
    found = Entry.objects.filter(pk=entry_id).values(*columns).first()
    if found is None:
        raise Http404
    faults, _canonical, computed = verify.faults_of({**found, "data": json.dumps(found["data"])})
    context = {
        "entry": found,
        "act": terms.act_words(found["act"]),
        "facts": _facts(found),
        "data": json.dumps(found["data"], ensure_ascii=False, indent=2) if found["data"] else "",
        "faults": faults,
        "hashes": [
            (_("Hash"), bytes(found["hash"]).hex()),
            (_("Worked out anew"), computed.hex()),
            (_("Hash of the entry before"), bytes(found["previous_hash"]).hex()),
        ],
        "entries": queries.timeline(found["subject"], limit=30),
        "trail": [(reverse("journal:entries"), _("Journal")), (None, _("Entry %(id)s") % {"id": entry_id})],
    }
    return render(request, "journal/entry.html", context)


@door(audits, methods=("GET",))
def seals(request: HttpRequest) -> HttpResponseBase:
    """The sealed days, and the last checks of the whole journal."""
    page = ListPage(
        request,
        name="journal.seals",
        key="day",
        rows=Seal.objects.values("day", "count", "root", "digest", "sealed_at"),
        order="-day",
        columns=[
            Column("day", gettext_lazy("Day"), kind="date", is_main=True, sort="day"),
            Column("count", gettext_lazy("Entries"), kind="number", sort="count"),
            Column("digest", gettext_lazy("Seal"), value=lambda row: bytes(row["digest"]).hex(), style="mono"),
            Column("root", gettext_lazy("Merkle root"), value=lambda row: bytes(row["root"]).hex(), is_shown=False),
            Column("sealed_at", gettext_lazy("Sealed at"), kind="datetime"),
            Column(
                "line",
                gettext_lazy("Line to publish"),
                value=lambda row: verify.seal_line(row["day"], row["count"], bytes(row["digest"])),
                is_shown=False,
            ),
        ],
        filters=[Filter("day", gettext_lazy("Day"), kind="date_range")],
        empty={"title": _("No day is sealed yet."), "text": _("A day is sealed in the night after it.")},
    )
    return page.respond("journal/seals.html", check_state())


@door(audits, methods=("GET",))
def check(request: HttpRequest) -> HttpResponse:
    """The state of the check, polled by the seals page while one runs."""
    return render(request, "journal/check.html", check_state())


@door(audits, methods=("POST",), rate="6/m")
def verify_now(request: HttpRequest) -> HttpResponse:
    """Have the whole journal checked by the worker."""
    by = actor_of(request)
    services.ask_for_check(by=by, at=clock.now())
    messages.success(request, _("The check has begun; the result appears here."))
    return redirect("journal:seals")


def check_state() -> dict[str, Any]:
    """Whether a check waits or runs, and how the last ones ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_jobs where task_name = %s and status in ('todo', 'doing')",
            [tasks.check_the_journal.name],
        )
        running = cursor.fetchone()[0] > 0
    done = [line for line in queries.history(services.CHECKS, limit=10) if line["act"] == "journal.checked"]
    return {"is_running": running, "checks": [_told(line) for line in reversed(done)]}


def _told(line: dict[str, Any]) -> dict[str, Any]:
    return {"at": line["at"], **line["data"]}


def _address(row: Any) -> str:
    return reverse("journal:entry", args=[row["id"]])


def _data(row: Any) -> str:
    return json.dumps(row["data"], ensure_ascii=False) if row["data"] else ""


def _acts() -> list[tuple[str, Any]]:
    return sorted(((code, str(name)) for code, name in terms.all_acts().items()), key=lambda pair: pair[1])


def _found(rows: Any, said: str) -> Any:
    for word in said.split():
        rows = rows.filter(queries.by_name(word) | queries.under(word))
    return rows


def _facts(found: dict[str, Any]) -> list[tuple[str, Any]]:
    facts = [
        (_("Act"), f"{terms.act_words(found['act'])} ({found['act']})"),
        (pgettext("journal entry", "On"), f"{found['subject']}, {_('place %(seq)s') % {'seq': found['seq']}}"),
        (_("Who"), queries.who(found)),
        (_("Time of the act"), f"{found['at']:%Y-%m-%d %H:%M:%S} UTC"),
        (_("Written down at"), f"{found['recorded_at']:%Y-%m-%d %H:%M:%S} UTC"),
        (_("Booked on"), found["day"].isoformat()),
        (_("Deputising for post"), found["deputising_for"]),
        (_("Shown to clearance"), terms.LABELS.get(found["label"], found["label"])),
    ]
    return [(name, value) for name, value in facts if value not in (None, "")]


KINDS = (
    ("PERSON", gettext_lazy("a person")),
    ("SYSTEM", gettext_lazy("the system")),
    ("PUBLIC", gettext_lazy("the public")),
)
