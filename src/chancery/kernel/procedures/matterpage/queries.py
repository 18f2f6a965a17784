"""Everything the matter page shows, gathered for its templates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.card import all_roles
from chancery.foundations.journal import queries as journal
from chancery.foundations.journal.terms import act_words
from chancery.foundations.words import is_chinese, words
from chancery.kernel.calendar.queries import lateness
from chancery.kernel.procedures.bindings import all_bindings
from chancery.kernel.procedures.deadlines.models import ExtensionRequest, Pause
from chancery.kernel.procedures.deadlines.terms import RequestState
from chancery.kernel.procedures.definitions.queries import binding_of
from chancery.kernel.procedures.engine.machine import Machine
from chancery.kernel.procedures.engine.plan import Plan
from chancery.kernel.procedures.filing import rules as filing
from chancery.kernel.procedures.inbox.models import Watch
from chancery.kernel.procedures.matters import queries
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.matters.terms import OPEN_TASKS, MatterState, OpinionKind, TaskState
from chancery.kernel.procedures.moving import queries as moving
from chancery.kernel.procedures.tasks import rules as task_rules
from chancery.kernel.records.archive.queries import item_of

Row = dict[str, Any]


def gather(matter: Matter, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """The page's context. Row security has decided already that the actor may see the matter."""
    plan = queries.plan_for(matter)
    machine = Machine.restore(plan, matter.standing.body, now=at)
    tasks = queries.tasks(matter.pk)
    mine = _mine(by)
    names = {ident: words(node) or ident for ident, node in plan.diagram.nodes.items()}
    today = clock.date_of(at)
    for row in tasks:
        _dress(row, names, matter, mine, today, at)
    waiting = [row for row in tasks if row["state"] in OPEN_TASKS and row["key"] is not None]
    reading = [row for row in tasks if row["to_read"] and row["state"] != TaskState.CANCELLED]
    own = [row for row in tasks if row["is_mine"] and row["state"] in OPEN_TASKS]
    hands = moving.look_at_tasks(matter.pk, [row["id"] for row in own], by=by)
    asked = [_asked(row, hands[row["id"]], by=by) for row in own if row["id"] in hands]
    standing = machine.standing()
    of = binding_of(matter.procedure)
    requests = list(ExtensionRequest.objects.filter(matter=matter).order_by("-id")[:20]) if tasks else []
    pause = Pause.objects.filter(matter=matter, ended_at=None).first() if matter.state == MatterState.PAUSED else None
    panel = of.panel_context(matter, by) if of.panel_context else {}
    return {
        "matter": matter,
        "own_subject": f"procedures.matter:{matter.pk}",
        "binding": of,
        "procedure_words": words(of),
        "lateness": "DONE" if matter.state == MatterState.CLOSED else lateness(matter.due_on, today),
        "diagram_address": reverse("procedures:bpmn", args=[matter.procedure, matter.definition.hash[:16]])
        + f"?words={'zh' if is_chinese() else 'en'}",
        "done_marks": " ".join(ident for ident, mark in standing.items() if mark == "done"),
        "active_marks": " ".join(ident for ident, mark in standing.items() if mark == "active"),
        "diagram_words": _told(plan, standing, waiting, names),
        "waiting": waiting,
        "asked": asked,
        "steps": [row for row in tasks if row["key"] is not None and row["state"] not in OPEN_TASKS],
        "reading": reading,
        "read_count": sum(1 for row in reading if row["read_at"]),
        "next": _next(plan, waiting, names),
        "opinions": _opinions(queries.opinions(matter.pk)),
        "entries": _timeline(matter, names),
        "requests": requests,
        "to_decide": [r for r in requests if r.state == RequestState.ASKED],
        "pause": pause,
        "is_watched": Watch.objects.filter(person_id=by.person_id or 0, matter=matter).exists(),
        "may_file": _may_file(matter, by),
        "panel": panel,
        **panel,
    }


def _may_file(matter: Matter, by: Actor) -> bool:
    """Whether the closed matter waits for the actor to put it into the archive. Asks nothing of an open one."""
    themselves = {one.code for one in all_bindings() if one.files_itself}
    return (
        matter.state == MatterState.CLOSED
        and matter.procedure not in themselves
        and item_of(f"procedures.matter:{matter.pk}") is None
        and bool(filing.may_file(by, matter, themselves))
    )


def _mine(by: Actor) -> dict[int, list[str] | None]:
    with connection.cursor() as cursor:
        cursor.execute("select post_id, scope from access_my_posts()")
        return dict(cursor.fetchall())


def _dress(
    row: Row, names: dict[str, str], matter: Matter, mine: dict[int, Any], today: dt.date, at: dt.datetime
) -> None:
    role = all_roles().get(row["role"])
    row["step_words"] = names.get(row["step"], row["step"]) if row["step"] else _("For reading")
    row["role_words"] = words(role) if role else row["role"]
    row["state_words"] = TaskState(row["state"]).label
    row["lateness"] = "DONE" if row["done_at"] else lateness(row["due_on"], today)
    ended = row["done_at"] or at
    row["took"] = lasted(ended - row["asked_at"])
    holders = row["holders"] or []
    if row["state"] == TaskState.CLAIMED:
        row["who"] = words(row, "person")
    else:
        key = "zh" if is_chinese() else "en"
        told = dict.fromkeys(h[key] or h["en"] or h[f"post_{key}"] for h in holders)
        row["who"] = ("、" if is_chinese() else ", ").join(told)
    row["place"] = words(row, "post_unit") or words(row, "unit")
    if row["done_at"]:
        row["who"] = words(row, "person") or "—"
    posts = {holder["post_id"] for holder in holders}
    in_scope = {post for post, scope in mine.items() if scope is None or matter.procedure in scope}
    row["is_mine"] = bool(posts & in_scope)
    of = binding_of(matter.procedure).steps.get(row["step"])
    names_of = of.outcomes.get(row["outcome"]) if of else None
    row["outcome_words"] = names_of[1 if is_chinese() else 0] if names_of else row["outcome"]


def _asked(row: Row, hand: moving.Hand, *, by: Actor) -> Row:
    """One thing asked of the actor: the verdict, the buttons, where one may return to."""
    verdict = task_rules.may_take(by, hand)
    step = hand.step
    language = 1 if is_chinese() else 0
    behind: list[tuple[str, str]] = []
    if row["key"] is not None and verdict:
        plan = hand.plan
        allowed = step.may_return_to if step else ()
        found = Machine.restore(plan, hand.body, now=hand.matter.opened_at).done_behind(row["key"])
        behind = [(code, words(plan.node(code))) for code in found if allowed is None or code in allowed]
    return {
        "row": row,
        "hand": hand,
        "verdict": verdict,
        "binding": step,
        "help": step.help[language] if step else "",
        "outcomes": [(code, named[language]) for code, named in step.outcomes.items()] if step else [],
        "behind": behind,
        "list_kind": hand.binding.data.get(hand.plan.node(row["step"]).over) if row["key"] is not None else None,
        "can_release": row["state"] == TaskState.CLAIMED and row["doer_person_id"] == by.person_id,
    }


def lasted(span: dt.timedelta) -> str:
    """A span in words: days, or hours under a day."""
    days, hours = span.days, span.seconds // 3600
    if days >= 1:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if hours >= 1:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return _("less than an hour")


def _told(plan: Plan, standing: dict[str, str], waiting: list[Row], names: dict[str, str]) -> str:
    """The drawing in words, for those who do not see it."""
    comma = "、" if is_chinese() else ", "
    steps = plan.order
    done = comma.join(names[step] for step in steps if standing.get(step) == "done")
    now = comma.join(
        _("%(step)s (%(who)s, since %(day)s)")
        % {"step": row["step_words"], "who": row["who"] or _("nobody"), "day": row["asked_at"].date().isoformat()}
        for row in waiting
    )
    later = comma.join(names[step] for step in steps if step not in standing)
    told = []
    if done:
        told.append(_("Done: %(steps)s.") % {"steps": done})
    if now:
        told.append(_("Now: %(steps)s.") % {"steps": now})
    if later:
        told.append(_("May still come: %(steps)s.") % {"steps": later})
    return " ".join(told)


def _next(plan: Plan, waiting: list[Row], names: dict[str, str]) -> list[Row]:
    """What follows each waiting step: the arrows out of it, through gateways, by name."""
    found = []
    for code in dict.fromkeys(row["step"] for row in waiting):
        ways, queue, seen = [], [(flow, "") for flow in plan.diagram.leaving(code)], set()
        while queue:
            flow, when = queue.pop(0)
            if flow.id in seen:
                continue
            seen.add(flow.id)
            said = words(flow) or when
            node = plan.node(flow.target)
            if node.kind in {"choice", "parallel"}:
                queue += [(onward, said) for onward in plan.diagram.leaving(node.id)]
            else:
                ways.append({"when": said, "step": names[node.id]})
        found.append({"step": names[code], "ways": ways})
    return found


def _opinions(rows: list[Row]) -> list[Row]:
    """Opinions grouped by the unit they were given for, in the order units first spoke."""
    groups: dict[Any, Row] = {}
    tones = {OpinionKind.RETURN: "amber", OpinionKind.RECALL: "amber", OpinionKind.CLOSE: "red"}
    for row in rows:
        if not row["text"] and not row["outcome"]:
            continue
        group = groups.setdefault(row["unit_id"], {"unit": words(row, "unit") or _("The house"), "opinions": []})
        who = words(row, "person") or _("the system")
        if row["deputising_for_id"]:
            who = _("%(who)s for %(post)s") % {"who": who, "post": words(row, "absent")}
        group["opinions"].append(
            {
                "text": row["text"] or words(row, "outcome"),
                "who": who,
                "post": words(row, "post"),
                "at": row["given_at"],
                "outcome": (words(row, "outcome") if row["text"] else "")
                or (row["kind_words"] if row["kind"] != OpinionKind.OPINION else ""),
                "tone": tones.get(row["kind"], "neutral"),
                "step": words(row, "step"),
            }
        )
    return list(groups.values())


def _timeline(matter: Matter, names: dict[str, str]) -> list[Row]:
    """The journal of the matter in words."""
    entries = []
    for line in journal.history(matter):
        data = line["data"]
        step = names.get(data.get("step", ""), "")
        back = names.get(data.get("to", ""), "")
        entries.append(
            {
                "title": act_words(line["act"]),
                "who": journal.who(line),
                "at": line["at"],
                "text": f"{step} → {back}" if back else step or data.get("note", "") or data.get("reason", ""),
                "state": "bad" if line["act"] in {"task.returned", "task.overdue", "extension.refused"} else "done",
            }
        )
    return entries
