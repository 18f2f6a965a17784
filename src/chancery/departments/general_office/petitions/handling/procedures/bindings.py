"""Step → form, rule, service, for the procedures by kind, of renewed handling, and of more time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions.handling import forms, queries, rules, services
from chancery.departments.general_office.petitions.handling.clocks import queries as clocks
from chancery.departments.general_office.petitions.handling.clocks import rules as clock_rules
from chancery.departments.general_office.petitions.handling.clocks import services as clock_services
from chancery.departments.general_office.petitions.handling.opinions import queries as opinions
from chancery.departments.general_office.petitions.handling.opinions import rules as opinion_rules
from chancery.departments.general_office.petitions.handling.opinions import services as opinion_services
from chancery.departments.general_office.petitions.handling.showing.queries import panel
from chancery.departments.general_office.petitions.handling.terms import AGAIN, MORE_TIME, Meeting, Result
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register
from chancery.kernel.records.archive.terms import Hindrance

Data = Mapping[str, Any]


def _id(matter: Any) -> int:
    return queries.petition_id_of(matter)


def _extension_id(matter: Any) -> int:
    return int(matter.subject.rpartition(":")[2])


# --- Rules -----------------------------------------------------------------------------------------------------------
def decide_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Whom it is not about; with ground and place."""
    petition = queries.petition_of(matter)
    return first_refusal(petition_rules.not_the_subject(by, petition), rules.is_decided_whole(outcome, data))


def assign_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """A unit with handlers, not the accused; a holder whom it is not about."""
    petition, today = queries.petition_of(matter), clock.today()
    unit, post = int(data.get("unit") or 0), data.get("post")
    offered = {one for one, _words in queries.handler_units(today)}
    verdict = first_refusal(
        petition_rules.not_the_subject(by, petition),
        rules.may_be_given_to(petition, unit, queries.complained_of(petition), offered),
    )
    if verdict and post:
        return rules.may_name(petition, queries.holders([post], today))
    return verdict


def handler_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """A handler of the unit that has it, whom it is not about."""
    petition = queries.petition_of(matter)
    return rules.may_handle(by, petition, clocks.running(petition.pk))


def handle_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """And what this kind knows; back only as long as it may go back."""
    petition = queries.petition_of(matter)
    stage = clocks.running(petition.pk)
    verdict = first_refusal(rules.may_handle(by, petition, stage), rules.knows_way(petition, outcome))
    if verdict and outcome == "MISROUTED":
        given = queries.assignment(stage.pk) if stage else None
        if given is None or (given.reason_id is None and not data.get("reason")):
            return no(_("Send it back from the page of the petition, with the reasons."))
    return verdict


def opine_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Whole, when it is submitted."""
    verdict = handler_rule(by=by, matter=matter, task=task, outcome=outcome, data=data)
    if not verdict or outcome == "BACK":
        return verdict
    petition = queries.petition_of(matter)
    stage = clocks.running(petition.pk)
    if stage is None:
        return no(_("This petition is not being handled now."))
    return opinion_rules.is_whole(data, opinions.ends_of(petition, stage), was_settled=opinions.was_settled(stage.pk))


def approve_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Not the writer, not the subject; back with what is to be done."""
    petition = queries.petition_of(matter)
    stage = clocks.running(petition.pk)
    opinion = opinions.latest(stage.pk) if stage else None
    verdict = first_refusal(petition_rules.not_the_subject(by, petition), opinion_rules.may_approve(by, opinion))
    if verdict and outcome == "REWORK":
        return rules.is_written(str(data.get("note") or ""), "note")
    return verdict


def more_time_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """The head, not the asker, while the stage runs."""
    # The petition is held before the step is written into the journal, as its own steps hold it: one order.
    clock_services.hold(extension_id=_extension_id(matter), by=by, at=clock.now())
    asked = clocks.extension(_extension_id(matter))
    return clock_rules.may_decide(by, asked, matter.unit_id) if asked is not None else no("")


# --- What the steps do -----------------------------------------------------------------------------------------------
def checked(act: Callable[..., None], *, in_hand: bool = False) -> Callable[..., None]:
    """A step's act; what was remarked in the clear tells no sender, and it is noted who has it in hand."""

    def after(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
        petition_id = _id(matter)
        services.demand_nameless(petition_id=petition_id, text=opinion, by=by, at=at)
        if in_hand:
            services.note_hand(petition_id=petition_id, by=by, at=at)
        act(petition_id=petition_id, outcome=outcome, data=data, by=by, at=at)

    return after


def decided(*, petition_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """审查决定."""
    services.decide(petition_id=petition_id, decision=outcome, data=data, by=by, at=at)


def notified(*, petition_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """书面告知."""
    services.notify(petition_id=petition_id, text=str(data.get("text") or ""), by=by, at=at)


def assigned(*, petition_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """交办."""
    services.assign(petition_id=petition_id, unit_id=int(data["unit"]), post_id=data.get("post"), by=by, at=at)


def handled(*, petition_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """办理: a hearing stops the clock from here."""
    if outcome == "HEAR":
        services.call_hearing(petition_id=petition_id, by=by, at=at)


def held(kind: Meeting) -> Callable[..., None]:
    """调解、核查、听证: what records one."""

    def act(*, petition_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
        services.note_meeting(
            petition_id=petition_id, kind=kind, held_on=data.get("held_on"),
            result=str(data.get("result") or Result.HELD), record=str(data.get("record") or ""), by=by, at=at,
        )  # fmt: skip

    return act


def asked(*, petition_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """询问信访人."""
    services.ask_sender(petition_id=petition_id, question=str(data.get("question") or ""), by=by, at=at)


def went_on(*, petition_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """继续办理."""
    services.clock_goes_on(petition_id=petition_id, by=by, at=at)


def opined(*, petition_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """起草处理意见."""
    if outcome == "SUBMIT":
        opinion_services.draft(petition_id=petition_id, data=data, by=by, at=at)


def approved(*, petition_id: int, outcome: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """审批."""
    if outcome == "REWORK":
        opinion_services.send_back(petition_id=petition_id, note=str(data.get("note") or ""), by=by, at=at)
    else:
        opinion_services.approve(petition_id=petition_id, by=by, at=at)


def more_time(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """延长审批."""
    services.demand_nameless(petition_id=_id(matter), text=opinion, by=by, at=at)
    clock_services.decide_more_time(extension_id=_extension_id(matter), grant=outcome == "GRANT", by=by, at=at)


# --- What nobody does by hand ----------------------------------------------------------------------------------------
def hindrances(*, matter: Any, by: Actor, at: dt.datetime) -> Sequence[Hindrance]:
    """A matter of a petition ends with the petition, never by itself."""
    return () if by.is_system else (Hindrance(_("It ends with the petition: see its page.")),)


def nobody_else(*, matter: Any, post_ids: Sequence[int], by: Actor) -> Verdict:
    """It is sent to nobody for reading: only those who handle a petition see it."""
    return no(_("A petition is read only by those who handle it."))


def only_with_a_part(*, matter: Any, post_ids: Sequence[int], by: Actor) -> Verdict:
    """A step is handed over to a post with a part in petitions, whose holder it is not about."""
    petition, today = queries.petition_of(matter), clock.today()
    return rules.may_be_handed_to(petition, queries.have_part(post_ids, today), queries.holders(post_ids, today))


def went_back(*, matter: Any, step: str, by: Actor, at: dt.datetime) -> None:
    """What was told to a sender is not taken back."""
    raise Refused(_("Steps of a petition are not taken back: its page says what can be done."))


#: Last days come from the petition's own clock.
OWN = "matter"
STEPS = {
    "decide": Step(
        outcomes={
            "ACCEPT": ("Accept", "受理"), "NOT_ACCEPT": ("Do not accept", "不予受理"), "TRANSFER": ("Transfer", "转送"),
        },
        form=forms.DecideForm, rule=decide_rule, after=checked(decided), limit_key=OWN, may_return_to=(),
        help=(
            "Is it ours, and not under way elsewhere or decided for good? With the decision the clock begins.",
            "审查是否属于本机关职责、是否正在其他途径办理或已经终结。决定受理之日起计算办理期限。",
        ),
    ),
    "notice": Step(
        outcomes={"TOLD": ("Tell the sender", "告知信访人")},
        form=forms.NotifyForm, after=checked(notified), limit_key=OWN, may_return_to=(),
        help=(
            "Tell the sender in writing whether it is accepted and which path it takes, within its days.",
            "在规定期限内书面告知信访人是否受理以及处理途径。",
        ),
    ),
    "assign": Step(
        outcomes={"ASSIGN": ("Assign", "交办")},
        form=forms.AssignForm, rule=assign_rule, after=checked(assigned), data=("handler_unit", "handler_post"),
        limit_key=OWN, may_return_to=(),
        help=("Never to the unit an accusation is about.", "检举控告类事项不得交由被检举控告的单位办理。"),
    ),
    "handle": Step(
        outcomes={
            "OPINION": ("Draft the opinion", "起草意见"), "MEDIATE": ("Mediate", "调解"), "VERIFY": ("Verify", "核查"),
            "HEAR": ("Hold a hearing", "举行听证"), "ASK": ("Ask the sender", "询问信访人"),
            "MISROUTED": ("Not for us", "交办不当"),
        },
        form=forms.HandleForm, rule=handle_rule, after=checked(handled, in_hand=True), unit="handler_unit",
        post="handler_post", limit_key=OWN, may_return_to=(),
        help=(
            "What is wrongly assigned goes back from the petition's page, with reasons and within the working days.",
            "交办不当的，在规定工作日内说明理由，从信访事项页面退回。",
        ),
    ),
    "mediate": Step(
        outcomes={"DONE": ("Record it", "记录")},
        form=forms.MediateForm, rule=handler_rule, after=checked(held(Meeting.MEDIATION), in_hand=True),
        unit="handler_unit", post="handler_post", limit_key=OWN, may_return_to=(),
    ),
    "verify": Step(
        outcomes={"DONE": ("Record it", "记录")},
        form=forms.HeldForm, rule=handler_rule, after=checked(held(Meeting.VERIFICATION), in_hand=True),
        unit="handler_unit", post="handler_post", limit_key=OWN, may_return_to=(),
    ),
    "hear": Step(
        outcomes={"DONE": ("Record it", "记录")},
        form=forms.HeldForm, rule=handler_rule, after=checked(held(Meeting.HEARING), in_hand=True),
        unit="handler_unit", post="handler_post", limit_key=OWN, may_return_to=(),
        help=("Until the record is here, the time does not count.", "听证期间不计算在办理期限内，至提交听证记录为止。"),
    ),
    "ask": Step(
        outcomes={"DONE": ("Ask", "发出询问")},
        form=forms.AskForm, rule=handler_rule, after=checked(asked, in_hand=True), unit="handler_unit",
        post="handler_post", limit_key=OWN, may_return_to=(),
    ),
    "wait": Step(
        outcomes={"GO_ON": ("Go on", "继续办理")},
        rule=handler_rule, after=checked(went_on, in_hand=True), unit="handler_unit", post="handler_post",
        limit_key=OWN, may_return_to=(),
        help=(
            "The answer appears among the texts. You may go on without it: the clock then runs again.",
            "信访人的答复显示在正文中。也可不再等待，继续办理，期限随即恢复计算。",
        ),
    ),
    "opine": Step(
        outcomes={"SUBMIT": ("Submit", "送审"), "BACK": ("Not yet: go on handling", "继续办理")},
        form=forms.OpineForm, rule=opine_rule, after=checked(opined, in_hand=True), unit="handler_unit",
        post="handler_post", limit_key=OWN, may_return_to=(),
        help=(
            "Request, facts, view, basis, remedy: all five, in the sender's language. Sealed; told once approved.",
            "诉求、事实、意见、依据、救济途径五项齐备，使用信访人的语言。加密保存，批准后告知。",
        ),
    ),
    "approve": Step(
        outcomes={"APPROVE": ("Approve and tell", "同意并答复"), "REWORK": ("Back for rework", "退回修改")},
        form=forms.ApproveForm, rule=approve_rule, after=checked(approved), not_same_as=("opine",), limit_key=OWN,
        may_return_to=(),
    ),
}  # fmt: skip
DECIDE_MORE = Step(
    outcomes={"GRANT": ("Grant", "同意延期"), "REFUSE": ("Refuse", "不同意")},
    rule=more_time_rule, after=more_time, limit_key=OWN, may_return_to=(),
    help=("If it is granted, the sender is told at once, with the reason.", "同意延期的，即时告知信访人延期理由。"),
)  # fmt: skip
PANEL = "general_office/petitions/handling/panel.html"
BASIS = (
    "Regulations on Letters and Visits Work (2022), arts. 22–36: receipt, notice, assignment, opinion, review.",
    "《信访工作条例》（2022年）第二十二条至第三十六条：登记、告知、交办、处理意见、复查复核。",
)
HERE = Path(__file__).parent
_BEGIN = ("decide", "notice", "assign", "handle", "opine", "approve")
_WAYS = {"MEDIATE": "mediate", "VERIFY": "verify", "HEAR": "hear", "ASK": "ask"}


def binding(
    code: str, name_en: str, name_zh: str, steps: Mapping[str, Step], *, here: Path = HERE, data: bool = True
) -> ProcedureBinding:
    """A procedure of petitions: its clock is the petition's, and nobody ends it by hand."""
    return ProcedureBinding(
        code=code,
        bpmn=here / f"{code}.bpmn",
        name_en=name_en,
        name_zh=name_zh,
        steps=steps,
        data={"handler_unit": "unit", "handler_post": "post"} if data else {},
        openers=("petition_registrar", "petition_officer"),
        panel_template=PANEL,
        panel_context=panel,
        may_circulate=nobody_else,
        may_hand_to=only_with_a_part,
        went_back=went_back,
        hindrances=hindrances,
        keeps_clock=True,
        basis=BASIS,
    )


def steps_of(*ways: str, begins: bool = True) -> dict[str, Step]:
    """The steps of a kind that knows some ways."""
    names = [*(_BEGIN if begins else _BEGIN[2:]), *[_WAYS[way] for way in ways], *(["wait"] if "ASK" in ways else [])]
    offered = {"OPINION", "MISROUTED", *ways}
    found = {name: STEPS[name] for name in names}
    found["handle"] = replace(
        STEPS["handle"],
        outcomes={code: words for code, words in STEPS["handle"].outcomes.items() if code in offered},
    )
    return found


def bring() -> None:
    """Put the procedures on the board."""
    register(binding("petition_suggestion", "Suggestion", "建议处理", steps_of("ASK")))
    register(binding("petition_accusation", "Accusation", "检举控告处理", steps_of("VERIFY", "HEAR", "ASK")))
    register(binding("petition_appeal", "Appeal", "申诉求决处理", steps_of("MEDIATE", "HEAR", "ASK")))
    register(binding(AGAIN, "Handled anew", "重新办理", steps_of("MEDIATE", "VERIFY", "HEAR", "ASK", begins=False)))
    register(binding(MORE_TIME, "More time for a petition", "延长办理期限审批", {"decide": DECIDE_MORE}, data=False))
