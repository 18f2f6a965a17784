from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings

from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal.queries import history
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access.absence.models import Absence
from chancery.kernel.access.recusal.models import Recusal
from chancery.kernel.procedures import queries, services
from chancery.kernel.procedures.deadlines import tasks as clockwork
from chancery.kernel.procedures.matters.models import Matter, Opinion, Task
from chancery.kernel.procedures.moving.queries import NotThere
from chancery.kernel.procedures.notices.models import Notice
from chancery.kernel.procedures.tests import everything
from chancery.kernel.procedures.tests.world import NOW, World

LATER = NOW + dt.timedelta(days=1)


def fresh(matter: Matter) -> Matter:
    with acting_as(SYSTEM):
        return Matter.objects.get(pk=matter.pk)


def acts(matter: Matter) -> list[str]:
    with acting_as(SYSTEM):
        return sorted(line["act"] for line in history(matter))


# --- All the way ------------------------------------------------------------------------------------------------------
def test_a_matter_goes_all_the_way_through_everything(world: World) -> None:
    matter = world.open(
        data={
            "co_units": [world.units["AS"], world.units["GO"]],
            "readers": [world.posts["reader"]],
            "signers": [world.posts["clerk_too"], world.posts["as_clerk"]],
        }
    )
    assert matter.number.startswith({"cn": "办〔2026〕", "neutral": "M-2026-"}[settings.PROFILE])
    assert world.waiting(matter) == ["draft"]
    world.do(matter, "draft", "SENT", world.clerk, opinion="Please look at it")
    assert world.waiting(matter) == ["check", "countersign", "countersign"]
    world.do(matter, "check", "FAULTY", world.registrar)
    world.do(matter, "fix", "DONE", world.clerk)
    world.do(matter, "check", "PASS", world.registrar)
    world.do(matter, "countersign", "AGREE", world.as_deputy, unit="AS")
    world.do(matter, "countersign", "AGREE", world.go_deputy, unit="GO")
    world.do(matter, "sign", "SIGN", world.head)
    assert world.waiting(matter) == []  # a day to object
    clockwork.fire_timers.function(timestamp=int((NOW + dt.timedelta(days=1, minutes=1)).timestamp()))
    assert world.waiting(matter) == ["circulate"]
    services.mark_read(task_id=world.task(matter, "circulate").pk, by=world.reader, at=LATER)
    world.do(matter, "relay", "AGREE", world.clerk_too)
    world.do(matter, "relay", "AGREE", world.as_clerk)
    closed = fresh(matter)
    assert (closed.state, closed.closed_how, world.waiting(matter)) == ("CLOSED", "RUN", [])
    assert everything.heard[-1] == ("closed", "RUN")
    assert acts(matter).count("task.completed") == 9


def test_the_reader_sees_the_matter_only_once_it_is_sent_round(world: World) -> None:
    matter = world.open()
    with acting_as(world.reader):
        assert not Matter.objects.filter(pk=matter.pk).exists()
    world.signed(matter)
    clockwork.fire_timers.function(timestamp=int((NOW + dt.timedelta(days=1, minutes=1)).timestamp()))
    with acting_as(world.reader):
        assert Matter.objects.filter(pk=matter.pk).exists()
    with acting_as(world.outsider):
        assert not Matter.objects.filter(pk=matter.pk).exists()


def test_what_a_step_learns_reaches_its_function(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk, opinion="  Here ", data={"lead_unit": world.units["AS"], "other": 5})
    assert everything.heard == [
        ("draft", {"outcome": "SENT", "opinion": "Here", "data": {"lead_unit": world.units["AS"], "other": 5}})
    ]
    with acting_as(world.clerk):
        assert queries.matter(matter.pk).data["lead_unit"] == world.units["AS"]  # type: ignore[attr-defined]  # set by the query


# --- Who may --------------------------------------------------------------------------------------------------------
def test_a_step_that_is_not_with_you_is_refused(world: World) -> None:
    matter = world.open()
    with pytest.raises(Refused, match="not with you"):
        world.do(matter, "draft", "SENT", world.head)


def test_a_matter_one_may_not_see_is_not_there(world: World) -> None:
    matter = world.open()
    with pytest.raises(NotThere):
        world.do(matter, "draft", "SENT", world.outsider)


def test_a_wrong_outcome_and_a_missing_opinion_are_refused(world: World) -> None:
    matter = world.open()
    with pytest.raises(Refused, match="no such outcome"):
        world.do(matter, "draft", "PASS", world.clerk)
    world.do(matter, "draft", "SENT", world.clerk)
    with pytest.raises(Refused, match="needs a written opinion"):
        world.do(matter, "countersign", "OBJECT", world.as_deputy, unit="AS")


def test_a_functions_own_rule_is_asked(world: World) -> None:
    matter = world.open()
    with pytest.raises(Refused, match="whim"):
        world.do(matter, "draft", "SENT", world.clerk, data={"whim": True})
    assert world.waiting(matter) == ["draft"]


def test_nobody_checks_their_own_step_under_a_second_hat(world: World) -> None:
    import dataclasses

    matter = world.open(data={"co_units": []})
    world.do(matter, "draft", "SENT", world.clerk)
    world.do(matter, "check", "PASS", world.registrar)
    with acting_as(SYSTEM):
        from chancery.kernel.directory import services as directory

        directory.end_holding(holding_id=_holding(world.head.person_id), on=NOW.date(), by=SYSTEM, at=NOW)
        directory.appoint(
            person_id=world.clerk.person_id,
            post_id=world.posts["head"],
            kind="CONCURRENT",
            on=NOW.date(),
            by=SYSTEM,
            at=NOW,
        )
    second_hat = dataclasses.replace(world.clerk, post_id=world.posts["head"])
    with pytest.raises(Refused, match="You did “Draft” yourself"):
        world.do(matter, "sign", "SIGN", second_hat)


def _holding(person_id: int | None) -> int:
    from chancery.kernel.directory.models import Holding

    return Holding.objects.get(person_id=person_id).pk


def test_whoever_keeps_out_is_refused_but_may_hand_over(world: World) -> None:
    matter = world.open()
    with acting_as(SYSTEM):
        Recusal.objects.create(
            person_id=world.clerk.person_id, subject=f"procedures.matter:{matter.pk}", reason="kin", since=NOW
        )
    with pytest.raises(Refused, match="keep out"):
        world.do(matter, "draft", "SENT", world.clerk)
    task = world.task(matter, "draft")
    services.delegate(
        task_id=task.pk, post_id=world.posts["clerk_too"], reason="I keep out of it", by=world.clerk, at=NOW
    )
    world.do(matter, "draft", "SENT", world.clerk_too)


def test_a_deputy_acts_and_the_trace_names_the_absent_post(world: World) -> None:
    matter = world.open(data={"co_units": []})
    world.do(matter, "draft", "SENT", world.clerk)
    world.do(matter, "check", "PASS", world.registrar)
    with acting_as(SYSTEM):
        Absence.objects.create(
            absent_post_id=world.posts["head"],
            deputy_post_id=world.posts["as_deputy"],
            starts_on=NOW.date(),
            ends_on=NOW.date(),
            scopes=["everything"],
            declared_at=NOW,
        )
    done = world.do(matter, "sign", "SIGN", world.as_deputy)
    with acting_as(SYSTEM):
        task = Task.objects.get(pk=done.pk)
        assert (task.doer_post_id, task.deputising_for_id) == (world.posts["as_deputy"], world.posts["head"])
        assert Opinion.objects.get(task=task).deputising_for_id == world.posts["head"]


def test_a_reorganisation_is_right_at_once(world: World) -> None:
    from chancery.kernel.access.roles.models import RoleGrant

    matter = world.open()
    with acting_as(SYSTEM):
        RoleGrant.objects.filter(role="clerk", unit_id=world.units["PF"]).update(valid_to=NOW.date())
        RoleGrant.objects.create(
            post_id=world.posts["as_clerk"], role="clerk", unit_id=world.units["HQ"], valid_from=dt.date(2024, 1, 1)
        )
    with pytest.raises(Refused):
        world.do(matter, "draft", "SENT", world.clerk)
    world.do(matter, "draft", "SENT", world.as_clerk)  # the next above answers


def test_a_step_nobody_answers_for_is_shown_as_such(world: World) -> None:
    from chancery.kernel.access.roles.models import RoleGrant

    matter = world.open()
    with acting_as(SYSTEM):
        RoleGrant.objects.filter(role="clerk").update(valid_to=NOW.date())
        assert queries.open_tasks(matter.pk)[0]["holders"] == []


# --- Taking, putting back, handing over -------------------------------------------------------------------------------
def test_taking_a_task_keeps_colleagues_off_until_it_is_put_back(world: World) -> None:
    matter = world.open()
    task = world.task(matter, "draft")
    services.claim(task_id=task.pk, by=world.clerk, at=NOW)
    services.claim(task_id=task.pk, by=world.clerk, at=NOW)
    with pytest.raises(Refused):
        world.do(matter, "draft", "SENT", world.clerk_too)
    with pytest.raises(Refused):
        services.release(task_id=task.pk, by=world.clerk_too, at=NOW)
    services.release(task_id=task.pk, by=world.clerk, at=NOW)
    world.do(matter, "draft", "SENT", world.clerk_too)


def test_handing_over_needs_a_reason_and_a_held_post(world: World) -> None:
    matter = world.open()
    task = world.task(matter, "draft")
    with pytest.raises(Refused, match="reason"):
        services.delegate(task_id=task.pk, post_id=world.posts["reader"], reason=" ", by=world.clerk, at=NOW)
    services.delegate(task_id=task.pk, post_id=world.posts["reader"], reason="Knows it best", by=world.clerk, at=NOW)
    with pytest.raises(Refused):
        world.do(matter, "draft", "SENT", world.clerk)
    world.do(matter, "draft", "SENT", world.reader)


def test_one_more_signer_is_asked_in_a_running_round(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    task = world.task(matter, "countersign", unit="AS")
    services.add_signer(task_id=task.pk, item=world.units["PF"], reason="It touches them", by=world.as_deputy, at=NOW)
    with pytest.raises(Refused, match="asked already"):
        services.add_signer(task_id=task.pk, item=world.units["PF"], reason="again", by=world.as_deputy, at=NOW)
    world.do(matter, "countersign", "AGREE", world.as_deputy, unit="AS")
    world.do(matter, "countersign", "AGREE", world.go_deputy, unit="GO")
    assert world.waiting(matter) == ["check", "countersign"]
    with acting_as(SYSTEM):
        assert queries.open_tasks(matter.pk)[-1]["unit_id"] == world.units["PF"]


# --- Going back -------------------------------------------------------------------------------------------------------
def test_returning_undoes_the_branch_and_asks_again(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    world.do(matter, "countersign", "AGREE", world.as_deputy, unit="AS")
    task = world.task(matter, "check")
    services.return_to(task_id=task.pk, step="draft", reason="No annex", by=world.registrar, at=NOW)
    assert world.waiting(matter) == ["draft"]
    with acting_as(SYSTEM):
        states = dict(Task.objects.filter(matter=matter).exclude(step="draft").values_list("unit_id", "state"))
        assert Task.objects.get(pk=task.pk).state == "RETURNED"
        assert states[world.units["GO"]] == "CANCELLED"
        assert Opinion.objects.get(kind="RETURN").text == "No annex"
        assert Notice.objects.filter(kind="RETURNED", post_id=world.posts["clerk"]).exists()
    world.signed(matter)
    assert fresh(matter).state == "OPEN"


def test_after_a_join_one_may_return_into_either_branch(world: World) -> None:
    for step, again in (("check", ["check"]), ("countersign", ["countersign", "countersign"])):
        matter = world.open()
        world.do(matter, "draft", "SENT", world.clerk)
        world.do(matter, "check", "PASS", world.registrar)
        world.do(matter, "countersign", "AGREE", world.as_deputy, unit="AS")
        world.do(matter, "countersign", "AGREE", world.go_deputy, unit="GO")
        services.return_to(task_id=world.task(matter, "sign").pk, step=step, reason="Look again", by=world.head, at=NOW)
        assert world.waiting(matter) == again
        if step == "check":
            world.do(matter, "check", "PASS", world.registrar)
        else:
            world.do(matter, "countersign", "AGREE", world.as_deputy, unit="AS")
            world.do(matter, "countersign", "AGREE", world.go_deputy, unit="GO")
        assert world.waiting(matter) == ["sign"]


def test_returning_forward_or_without_reason_is_refused(world: World) -> None:
    matter = world.open()
    task = world.task(matter, "draft")
    with pytest.raises(Refused, match="cannot return"):
        services.return_to(task_id=task.pk, step="sign", reason="?", by=world.clerk, at=NOW)
    world.do(matter, "draft", "SENT", world.clerk)
    with pytest.raises(Refused, match="reason"):
        services.return_to(task_id=world.task(matter, "check").pk, step="draft", reason="", by=world.registrar, at=NOW)


def test_a_step_is_recalled_while_nobody_has_read_it(world: World) -> None:
    matter = world.open()
    done = world.do(matter, "draft", "SENT", world.clerk, opinion="Sent too soon")
    services.recall(task_id=done.pk, reason="Forgot the annex", by=world.clerk, at=NOW)
    again = world.task(matter, "draft")
    assert (world.waiting(matter), again.state, again.doer_person_id) == (["draft"], "CLAIMED", world.clerk.person_id)
    with acting_as(SYSTEM):
        assert Task.objects.get(pk=done.pk).state == "RECALLED"
        assert set(Opinion.objects.filter(matter=matter).values_list("text", flat=True)) == {
            "Sent too soon",
            "Forgot the annex",
        }
    world.signed(matter)


def test_what_was_read_is_not_recalled(world: World) -> None:
    matter = world.open()
    done = world.do(matter, "draft", "SENT", world.clerk)
    services.look_at(matter_id=matter.pk, by=world.registrar, at=NOW)
    with pytest.raises(Stale, match="has been read"):
        services.recall(task_id=done.pk, reason="?", by=world.clerk, at=NOW)


def test_only_the_doer_recalls(world: World) -> None:
    matter = world.open()
    done = world.do(matter, "draft", "SENT", world.clerk)
    with pytest.raises(Refused, match="Only whoever did"):
        services.recall(task_id=done.pk, reason="?", by=world.clerk_too, at=NOW)


def test_a_signature_is_recalled_after_all_have_signed_while_nobody_has_read_on(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    world.do(matter, "check", "PASS", world.registrar)
    first = world.do(matter, "countersign", "AGREE", world.as_deputy, unit="AS")
    last = world.do(matter, "countersign", "AGREE", world.go_deputy, unit="GO")
    assert world.waiting(matter) == ["sign"]
    services.recall(task_id=first.pk, reason="Second thoughts", by=world.as_deputy, at=NOW)
    assert world.waiting(matter) == ["countersign"]  # the other's signature and the check stand
    assert world.task(matter, "countersign").doer_person_id == world.as_deputy.person_id
    services.recall(task_id=last.pk, reason="I too", by=world.go_deputy, at=NOW)
    assert world.waiting(matter) == ["countersign", "countersign"]
    world.do(matter, "countersign", "AGREE", world.go_deputy, unit="GO")
    world.do(matter, "countersign", "AGREE", world.as_deputy, unit="AS")
    assert world.waiting(matter) == ["sign"]
    world.do(matter, "sign", "SIGN", world.head)
    assert "countersign" not in world.waiting(matter)


@pytest.mark.parametrize("act", ["look", "claim"])
def test_a_signature_stands_once_the_next_has_read_it(world: World, act: str) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    world.do(matter, "check", "PASS", world.registrar)
    first = world.do(matter, "countersign", "AGREE", world.as_deputy, unit="AS")
    world.do(matter, "countersign", "AGREE", world.go_deputy, unit="GO")
    if act == "look":
        services.look_at(matter_id=matter.pk, by=world.head, at=NOW)
    else:
        services.claim(task_id=world.task(matter, "sign").pk, by=world.head, at=NOW)
    with pytest.raises(Stale, match="has been read"):
        services.recall(task_id=first.pk, reason="?", by=world.as_deputy, at=NOW)
    assert world.waiting(matter) == ["sign"]


def test_a_signature_stands_once_the_next_has_acted(world: World) -> None:
    matter = world.open()
    world.signed(matter)
    with acting_as(SYSTEM):
        first = Task.objects.filter(matter=matter, step="countersign", unit_id=world.units["AS"]).get()
    with pytest.raises(Refused, match="moved on"):
        services.recall(task_id=first.pk, reason="?", by=world.as_deputy, at=NOW)


def test_in_a_row_the_last_signature_is_recalled_while_the_next_has_not_read(world: World) -> None:
    matter = world.open(data={
        "co_units": [world.units["AS"]], "readers": [],
        "signers": [world.posts["clerk_too"], world.posts["as_clerk"]],
    })  # fmt: skip
    world.do(matter, "draft", "SENT", world.clerk)
    world.do(matter, "check", "PASS", world.registrar)
    world.do(matter, "countersign", "AGREE", world.as_deputy)
    world.do(matter, "sign", "SIGN", world.head)
    later = NOW + dt.timedelta(days=1)
    services.run_timers(matter_id=matter.pk, by=SYSTEM, at=later)
    first = world.do(matter, "relay", "AGREE", world.clerk_too, at=later)
    assert world.task(matter, "relay").post_id == world.posts["as_clerk"]
    services.recall(task_id=first.pk, reason="Too soon", by=world.clerk_too, at=later)
    assert world.waiting(matter) == ["relay"]
    assert world.task(matter, "relay").post_id == world.posts["clerk_too"]
    again = world.do(matter, "relay", "AGREE", world.clerk_too, at=later)
    world.do(matter, "relay", "AGREE", world.as_clerk, at=later)
    with pytest.raises(Refused):
        services.recall(task_id=again.pk, reason="?", by=world.clerk_too, at=later)


def test_a_recall_comes_within_the_days_of_the_rulebook(world: World) -> None:
    matter = world.open()
    done = world.do(matter, "draft", "SENT", world.clerk)
    with pytest.raises(Refused, match="until 2026-11-24 only"):
        services.recall(task_id=done.pk, reason="?", by=world.clerk, at=NOW + dt.timedelta(days=2))
    services.recall(task_id=done.pk, reason="In time", by=world.clerk, at=NOW + dt.timedelta(days=1))
    assert world.waiting(matter) == ["draft"]


def test_a_signature_is_recalled_while_others_still_sign(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    done = world.do(matter, "countersign", "AGREE", world.as_deputy, unit="AS")
    services.recall(task_id=done.pk, reason="Second thoughts", by=world.as_deputy, at=NOW)
    assert world.waiting(matter) == ["check", "countersign", "countersign"]
    world.signed_rest = None  # type: ignore[attr-defined]  # a plain attribute of the test's world
    world.do(matter, "countersign", "OBJECT", world.as_deputy, unit="AS", opinion="No")
    world.do(matter, "countersign", "AGREE", world.go_deputy, unit="GO")
    world.do(matter, "check", "PASS", world.registrar)
    world.do(matter, "sign", "SIGN", world.head)
    assert world.waiting(matter) == ["draft"]  # somebody objected: the drawing sends it back
