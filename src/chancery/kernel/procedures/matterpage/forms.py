"""The verbs of the matter page: for each its form, whether it is offered, and what it calls."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import yes
from chancery.foundations.words import words
from chancery.kernel.procedures import services
from chancery.kernel.procedures.engine.machine import Machine
from chancery.kernel.procedures.matters import rules as matter_rules
from chancery.kernel.procedures.matters.forms import (
    CirculateForm,
    DecideForm,
    DelegateForm,
    ExtensionForm,
    NoteForm,
    PauseForm,
    ReasonForm,
    ReopenForm,
    ReturnForm,
    SignerForm,
)
from chancery.kernel.procedures.matters.queries import plan_for
from chancery.kernel.procedures.matters.terms import MatterState, TaskState
from chancery.kernel.procedures.moving.queries import Hand, data_of

Given = dict[str, Any]


class Incomplete(Exception):
    """The form of a verb is not filled in."""

    def __init__(self, form: Any) -> None:
        super().__init__()
        self.form = form


def filled(form: Any) -> Given:
    """The cleaned data; raises `Incomplete` with the form."""
    if not form.is_valid():
        raise Incomplete(form)
    cleaned: Given = form.cleaned_data
    return cleaned


def _return_form(hand: Hand, data: Any = None) -> ReturnForm:
    behind = Machine.restore(hand.plan, hand.body, now=hand.matter.opened_at).done_behind(hand.held.key or 0)
    return ReturnForm(data, steps=[(code, words(hand.plan.node(code))) for code in behind])


def _signer_form(hand: Hand, data: Any = None) -> SignerForm:
    return SignerForm(data, kind=str(hand.binding.data.get(hand.plan.node(hand.held.step).over, "units")))


# --- Verbs about a task ---------------------------------------------------------------------------------------------
def claim(*, request: HttpRequest, task_id: int, hand: Hand, by: Actor, at: dt.datetime) -> str:
    """Take in hand."""
    services.claim(task_id=task_id, by=by, at=at)
    return _("Taken in hand.")


def release(*, request: HttpRequest, task_id: int, hand: Hand, by: Actor, at: dt.datetime) -> str:
    """Put back."""
    services.release(task_id=task_id, by=by, at=at)
    return _("Put back.")


def read(*, request: HttpRequest, task_id: int, hand: Hand, by: Actor, at: dt.datetime) -> str:
    """Mark as read."""
    services.mark_read(task_id=task_id, by=by, at=at)
    return _("Marked as read.")


def return_to(*, request: HttpRequest, task_id: int, hand: Hand, by: Actor, at: dt.datetime) -> str:
    """Send back."""
    given = filled(_return_form(hand, request.POST))
    seen = request.POST.get("seen", "")
    services.return_to(task_id=task_id, **given, seen_version=int(seen) if seen.isdigit() else None, by=by, at=at)
    return _("Returned.")


def recall(*, request: HttpRequest, task_id: int, hand: Hand, by: Actor, at: dt.datetime) -> str:
    """Take back."""
    services.recall(task_id=task_id, **filled(ReasonForm(request.POST)), by=by, at=at)
    return _("Recalled: it is in your hands again.")


def delegate(*, request: HttpRequest, task_id: int, hand: Hand, by: Actor, at: dt.datetime) -> str:
    """Hand over."""
    services.delegate(task_id=task_id, **filled(DelegateForm(request.POST)), by=by, at=at)
    return _("Handed over.")


def add_signer(*, request: HttpRequest, task_id: int, hand: Hand, by: Actor, at: dt.datetime) -> str:
    """Ask one more."""
    services.add_signer(task_id=task_id, **filled(_signer_form(hand, request.POST)), by=by, at=at)
    return _("Asked as well.")


def extend(*, request: HttpRequest, task_id: int, hand: Hand, by: Actor, at: dt.datetime) -> str:
    """Ask for more time."""
    services.ask_extension(task_id=task_id, **filled(ExtensionForm(request.POST)), by=by, at=at)
    return _("More time asked for.")


TASK_VERBS = {
    "claim": claim,
    "release": release,
    "read": read,
    "return": return_to,
    "recall": recall,
    "delegate": delegate,
    "add-signer": add_signer,
    "extend": extend,
}


# --- Verbs about the matter -----------------------------------------------------------------------------------------
def urge(*, request: HttpRequest, matter_id: int, by: Actor, at: dt.datetime) -> str:
    """Remind."""
    services.urge(matter_id=matter_id, **filled(NoteForm(request.POST)), by=by, at=at)
    return _("Urged.")


def circulate(*, request: HttpRequest, matter_id: int, by: Actor, at: dt.datetime) -> str:
    """Send round."""
    services.circulate(matter_id=matter_id, **filled(CirculateForm(request.POST)), by=by, at=at)
    return _("Sent round.")


def pause(*, request: HttpRequest, matter_id: int, by: Actor, at: dt.datetime) -> str:
    """Stop the clock."""
    services.pause(matter_id=matter_id, **filled(PauseForm(request.POST)), by=by, at=at)
    return _("Paused.")


def resume(*, request: HttpRequest, matter_id: int, by: Actor, at: dt.datetime) -> str:
    """Let it run again."""
    services.resume(matter_id=matter_id, by=by, at=at)
    return _("Resumed.")


def close(*, request: HttpRequest, matter_id: int, by: Actor, at: dt.datetime) -> str:
    """End by hand."""
    services.close(matter_id=matter_id, **filled(ReasonForm(request.POST)), by=by, at=at)
    return _("Closed.")


def reopen(*, request: HttpRequest, matter_id: int, by: Actor, at: dt.datetime) -> str:
    """Take up again."""
    given = filled(ReopenForm(request.POST, steps=[("", ""), (request.POST.get("step", ""),) * 2]))
    services.reopen(matter_id=matter_id, **given, by=by, at=at)
    return _("Reopened.")


def watch(*, request: HttpRequest, matter_id: int, by: Actor, at: dt.datetime) -> str:
    """Keep an eye on it, or stop."""
    services.watch(matter_id=matter_id, on=request.POST.get("on") == "1", by=by, at=at)
    return ""


MATTER_VERBS = {
    "urge": urge,
    "circulate": circulate,
    "pause": pause,
    "resume": resume,
    "close": close,
    "reopen": reopen,
    "watch": watch,
}


def decide(*, request: HttpRequest, request_id: int, by: Actor, at: dt.datetime) -> str:
    """Grant or refuse more time."""
    given = filled(DecideForm(request.POST))
    services.decide_extension(request_id=request_id, grant=given["grant"] == "yes", note=given["note"], by=by, at=at)
    return _("Decided.")


# --- What the page offers -------------------------------------------------------------------------------------------
def sent(request: HttpRequest, name: str, given: Given) -> forms.Form | None:
    """The form of a refused verb as it was sent, so that its text is kept."""
    verb = name.partition(":")[0]
    plain = {"recall": ReasonForm, "close": ReasonForm, "urge": NoteForm, "pause": PauseForm, "extend": ExtensionForm}
    if verb in plain:
        return plain[verb](request.POST)
    if verb in {"delegate", "circulate", "decide"}:
        return {"delegate": DelegateForm, "circulate": CirculateForm, "decide": DecideForm}[verb](request.POST)
    if verb == "return":
        return _return_form(given["hand"], request.POST)
    if verb == "add-signer":
        return _signer_form(given["hand"], request.POST)
    return None


def put_forms(asked: Given, *, by: Actor, refused: Given) -> None:
    """Give one asked thing its forms: the step's own, and those of the verbs beside it."""
    row, hand, step = asked["row"], asked["hand"], asked["binding"]
    mine = refused.get("task_id") == row["id"]
    asked["opinion"] = refused.get("opinion", "") if mine else ""
    asked["refusal"] = refused.get("refusal") if mine else None
    asked["form"] = None
    if step is not None and step.form is not None:
        hand.matter.data = data_of(hand)
        asked["form"] = (
            refused.get("form")
            if mine and refused.get("form") is not None
            else step.form(matter=hand.matter, task=hand.task, by=by)
        )
        # A form may know which outcomes are possible as things stand, and which comes first.
        narrowed = getattr(asked["form"], "offered", None)
        if narrowed is not None:
            titles = dict(asked["outcomes"])
            asked["outcomes"] = [(code, titles[code]) for code in narrowed if code in titles]
    offered: list[Given] = []
    ok = bool(asked["verdict"])
    if row["key"] is not None:
        if asked["behind"]:
            offered.append(
                _offer("return", gettext_lazy("Return"), row, ReturnForm(steps=asked["behind"]), refused, tone="danger")
            )
        if ok or hand.recused_from:
            offered.append(_offer("delegate", gettext_lazy("Hand over"), row, DelegateForm(), refused))
        if asked["list_kind"] in {"units", "posts"}:
            offered.append(_offer("add-signer", gettext_lazy("Ask one more"), row, _signer_form(hand), refused))
        if ok and row["due_on"] is not None and not row["to_read"] and not hand.binding.keeps_clock:
            offered.append(_offer("extend", gettext_lazy("Ask for more time"), row, ExtensionForm(), refused))
    asked["offered"] = offered


def _offer(verb: str, title: Any, row: Given, form: forms.Form, refused: Given, *, tone: str = "") -> Given:
    mine = refused.get("verb") == f"{verb}:{row['id']}"
    return {
        "title": title,
        "action": reverse("procedures:task_verb", args=[row["id"], verb]),
        "form": refused["form"] if mine and refused.get("form") is not None else form,
        "is_open": mine,
        "refusal": refused.get("refusal") if mine else None,
        "tone": tone,
        "seen": row["version"],
        "name": f"{verb}-{row['id']}",
    }


def for_matter(context: Given, *, by: Actor, refused: Given) -> list[Given]:
    """The verbs about the whole matter, each with its form, or with the reason why it is not for this actor."""
    matter = context["matter"]
    is_holder = any(row["is_mine"] for row in context["waiting"])
    steer = matter_rules.may_steer(by, matter, is_holder=is_holder)
    lead = matter_rules.may_steer(by, matter)
    found: list[Given] = []

    def add(verb: str, title: Any, form: forms.Form | None, verdict: Any, tone: str = "") -> None:
        mine = refused.get("verb") == verb
        found.append(
            {
                "title": title,
                "action": reverse("procedures:matter_verb", args=[matter.pk, verb]),
                "form": refused["form"] if mine and refused.get("form") is not None else form,
                "is_open": mine,
                "refusal": refused.get("refusal") if mine else None,
                "verdict": verdict,
                "tone": tone,
                "name": verb,
            }
        )

    if matter.state == MatterState.OPEN:
        if context["waiting"]:
            add("urge", gettext_lazy("Urge"), NoteForm(), matter_rules.is_open(matter))
        add("circulate", gettext_lazy("Send round for reading"), CirculateForm() if steer else None, steer)
        if not context["binding"].keeps_clock:
            add("pause", gettext_lazy("Pause"), PauseForm(), lead)
    if matter.state == MatterState.PAUSED:
        add("resume", gettext_lazy("Resume"), None, lead)
    if matter.state == MatterState.CLOSED:
        plan = plan_for(matter)
        steps = [(row["step"], row["step_words"]) for row in context["steps"] if row["state"] == TaskState.DONE]
        ordered = [pair for pair in dict.fromkeys(steps) if pair[0] in plan.order]
        add("reopen", gettext_lazy("Reopen"), ReopenForm(steps=ordered), lead)
    else:
        add("close", pgettext_lazy("matter", "Close"), ReasonForm(), lead, "danger")
    for row in context["steps"]:
        if row["state"] == TaskState.DONE and row["doer_person_id"] == by.person_id and _recallable(context, row):
            offer = _offer("recall", gettext_lazy("Recall"), row, ReasonForm(), refused)
            offer["title"] = _("Recall “%(step)s”") % {"step": row["step_words"]}
            found.append({**offer, "verdict": yes()})
    return found


def _recallable(context: Given, row: Given) -> bool:
    """Nobody it led to has read it, as far as the page knows; the verb itself asks again."""
    led_to = [t for t in (*context["waiting"], *context["steps"]) if t["opened_by_task_id"] == row["id"]]
    return all(t["read_at"] is None and t["done_at"] is None for t in led_to)
