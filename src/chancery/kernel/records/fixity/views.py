"""Pages of the storage check."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chancery.foundations import clock
from chancery.foundations.content_store import copy_store
from chancery.foundations.journal import queries as journal
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.kernel.records.fixity import queries, rules, services
from chancery.kernel.records.fixity.models import FixityRun
from chancery.kernel.records.fixity.terms import ContentState, Outcome, Place, RunCause, RunState

RUN_TONES = {RunState.RUNNING: "blue", RunState.DONE: "green", RunState.STOPPED: "red"}
KIND_TONES = {ContentState.DAMAGED: "red", ContentState.MISSING: "red", ContentState.SOUND: "green"}
OUTCOME_TONES = {Outcome.OPEN: "red", Outcome.RESTORED: "green", Outcome.SOUND_AGAIN: "green", Outcome.GONE: "neutral"}
FINDING_COLUMNS = [
    Column("found_at", pgettext_lazy("finding of the storage check", "Found"), kind="datetime", sort="found_at"),
    Column(
        "kind",
        pgettext_lazy("finding of the storage check", "What"),
        kind="badge",
        codes=dict(ContentState.choices),
        tones=dict(KIND_TONES),
    ),
    Column("place", pgettext_lazy("finding of the storage check", "Where"), codes=dict(Place.choices)),
    Column("sha256", gettext_lazy("Content (SHA-256)"), is_main=True, value=lambda row: f"{row['sha256'][:16]}…"),
    Column("size", gettext_lazy("Size"), value=lambda row: filesizeformat(row["size"]), style="num"),
    Column("outcome", gettext_lazy("Outcome"), kind="badge", codes=dict(Outcome.choices), tones=dict(OUTCOME_TONES)),
    Column("settled_at", gettext_lazy("Settled"), kind="datetime", sort="settled_at"),
    Column("trouble", gettext_lazy("Why not restored"), is_shown=False),
]


def _run_columns() -> list[Column]:
    return [
        Column(
            "started_at",
            gettext_lazy("Started"),
            kind="datetime",
            sort="started_at",
            is_main=True,
            link=lambda row: reverse("records:fixity_run", args=[row["id"]]),
        ),
        Column("state", gettext_lazy("State"), kind="badge", codes=dict(RunState.choices), tones=dict(RUN_TONES)),
        Column("cause", pgettext_lazy("storage check", "Why"), codes=dict(RunCause.choices)),
        Column("checked", gettext_lazy("Contents"), kind="number", sort="checked"),
        Column(
            "checked_bytes", gettext_lazy("Read"), value=lambda row: filesizeformat(row["checked_bytes"]), style="num"
        ),
        Column("sound", pgettext_lazy("count of contents", "Sound"), kind="number"),
        Column("damaged", pgettext_lazy("count of contents", "Damaged"), kind="number", sort="damaged"),
        Column("missing", pgettext_lazy("count of contents", "Missing"), kind="number", sort="missing"),
        Column("restored", pgettext_lazy("count of contents", "Restored"), kind="number", sort="restored"),
        Column("duration", gettext_lazy("Duration"), value=_duration, style="num"),
    ]


def _duration(row: Any) -> str:
    if row["ended_at"] is None:
        return ""
    seconds = int((row["ended_at"] - row["started_at"]).total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@door(rules.may_read, methods=("GET",))
def runs(request: HttpRequest) -> HttpResponseBase:
    """The checks, latest first, and what is broken now."""
    page = ListPage(
        request,
        name="records.fixity",
        rows=queries.runs(),
        columns=_run_columns(),
        filters=[
            Filter("state", gettext_lazy("State"), choices=RunState.choices),
            Filter("started_at", gettext_lazy("Started"), kind="date_range", lookup="started_at__date"),
        ],
        order="-started_at",
        empty={
            "title": _("No check yet"),
            "text": _("The first one starts by the clock at night, or by the button above."),
        },
    )
    going = queries.running()
    broken = _with_things(queries.open_findings())
    context = {
        "going": going,
        "broken": broken,
        "has_copy": copy_store() is not None,
        "every": rulebook.days("records.fixity.every", on=clock.today()),
    }
    return page.respond("records/fixity/runs.html", context)


@door(rules.may_read, methods=("POST",))
def start(request: HttpRequest) -> HttpResponse:
    """Check all storage now."""
    by = actor_of(request)
    run = services.start_run(by=by, at=clock.now())
    messages.success(request, _("The check has begun. A worker reads everything in pieces; come back when you like."))
    return redirect("records:fixity_run", run_id=run.pk)


@door(rules.may_read, methods=("GET",))
def run_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """One check: figures, findings, and what rests on what was found."""
    run = _seen(run_id)
    found = _with_things(list(run.findings.order_by("id")[:200]))
    context = {
        "run": run,
        "tones": RUN_TONES,
        "facts": _facts(run),
        "found": found,
        "entries": journal.timeline(run),
        "trail": [(reverse("records:fixity"), _("Storage check")), ("", clock.date_of(run.started_at).isoformat())],
    }
    return render(request, "records/fixity/run.html", context)


@door(rules.may_read, methods=("GET",))
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far a check is, asked by its own page while it runs."""
    return render(request, "records/fixity/progress.html", {"run": _seen(run_id)})


@door(rules.may_read, methods=("GET",))
def findings(request: HttpRequest) -> HttpResponseBase:
    """Every finding there was, with export."""
    page = ListPage(
        request,
        name="records.fixity_findings",
        rows=queries.findings(),
        columns=FINDING_COLUMNS,
        filters=[
            Filter("outcome", gettext_lazy("Outcome"), choices=Outcome.choices),
            Filter("place", pgettext_lazy("finding of the storage check", "Where"), choices=Place.choices),
            Filter(
                "found_at",
                pgettext_lazy("finding of the storage check", "Found"),
                kind="date_range",
                lookup="found_at__date",
            ),
        ],
        search=("sha256",),
        order="-found_at",
        empty={"title": _("Nothing was ever found broken"), "text": _("May it stay so.")},
    )
    trail = [(reverse("records:fixity"), _("Storage check")), ("", _("Findings"))]
    return page.respond("records/fixity/findings.html", {"trail": trail})


def _with_things(found: list[Any]) -> list[dict[str, Any]]:
    things = queries.resting_on([one.sha256 for one in found])
    return [
        {
            "finding": one,
            "kind_tone": KIND_TONES[ContentState(one.kind)],
            "outcome_tone": OUTCOME_TONES[Outcome(one.outcome)],
            **things[one.sha256],
        }
        for one in found
    ]


def _facts(run: FixityRun) -> list[tuple[object, object]]:
    speed = run.checked_bytes / run.busy_ms * 1000 if run.busy_ms else 0
    return [
        (_("Why"), run.get_cause_display()),
        (_("Contents read"), _("%(n)s of %(total)s") % {"n": run.checked, "total": run.total}),
        (_("Read"), filesizeformat(run.checked_bytes)),
        (_("Sound"), run.sound),
        (_("Damaged"), run.damaged or "0"),
        (_("Missing"), run.missing or "0"),
        (_("Restored"), run.restored or "0"),
        (
            _("Second copy"),
            (_("read as well; %(n)s written") % {"n": run.copied}) if run.has_copy else _("none is configured"),
        ),
        (_("Duration"), _duration({"started_at": run.started_at, "ended_at": run.ended_at})),
        (_("Speed of reading"), _("%(size)s a second") % {"size": filesizeformat(speed)} if speed else ""),
        (_("Note"), run.note),
    ]


def _seen(run_id: int) -> FixityRun:
    run = queries.run_of(run_id)
    if run is None:
        raise Http404
    return run
