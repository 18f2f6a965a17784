"""Receiving, registering, adding, moving on; who sees what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.utils import IntegrityError

from chancery.departments.general_office.petitions import queries, rules, services
from chancery.departments.general_office.petitions.custody import services as custody
from chancery.departments.general_office.petitions.models import Petition, PetitionText
from chancery.departments.general_office.petitions.terms import FOLLOWS, Kind, Part, Side, State
from chancery.departments.general_office.petitions.tests.desk import SENDER, WORDS, received, registered, text_file
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access.guards.models import Guard
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.records.markings.rules import SecretMarking

pytestmark = pytest.mark.django_db


def test_a_petition_is_received_registered_and_read_without_its_sender(cast: Any) -> None:
    got = received(files=[text_file("我叫欧阳晓明")])
    made = services.register(
        petition_id=got.petition.pk, title="对评审结果的申诉", by=cast.petition_registrar, at=clock.now()
    )
    with acting_as(cast.petition_registrar):
        shown = queries.texts(made.pk, cast.petition_registrar)
        told = "".join(text["text"] for text in shown).lower()
        assert [file.name for file in queries.files(made.pk)] == ["Attachment 1.txt"]
    assert made.state == State.REGISTERED and made.number
    assert "请复核评审结果" in told and not any(word in told for word in WORDS)
    assert (found := queries.by_receipt(got.receipt_code)) is not None and found.pk == made.pk


def test_numbers_follow_without_a_gap(cast: Any) -> None:
    first, second = registered(cast), registered(cast)
    assert first.number != second.number
    pattern = rulebook.text("number.petition", on=clock.today())
    assert first.number == pattern.format(year=clock.today().year, n=1)
    assert second.number == pattern.format(year=clock.today().year, n=2)


@pytest.mark.parametrize(
    "who", ["outsider", "registrar", "leader", "administrator", "auditor", "handler", "petition_reviewer", "archivist"]
)
def test_who_has_no_part_in_it_knows_nothing_of_it(cast: Any, who: str) -> None:
    made = registered(cast)
    with acting_as(cast[who]):
        assert not Petition.objects.exists()
        assert not PetitionText.objects.exists()
    with pytest.raises(rules.NoSuchPetition):
        services.correct(petition_id=made.pk, changes={"title": "x"}, by=cast[who], at=clock.now())


@pytest.mark.parametrize("who", ["petition_registrar", "petition_officer", "petition_custodian", "office_head"])
def test_those_of_the_office_see_it(cast: Any, who: str) -> None:
    made = registered(cast)
    with acting_as(cast[who]):
        assert list(queries.visible(cast[who])) == [made]


def test_the_public_sees_no_row(cast: Any) -> None:
    registered(cast)
    with acting_as(PUBLIC):
        assert not Petition.objects.exists()
        assert not PetitionText.objects.exists()


def test_a_handler_sees_what_is_given_to_read_until_it_is_taken(cast: Any) -> None:
    made = registered(cast)
    given = {"petition_id": made.pk, "role": "petition_handler", "unit_id": cast.units["PF"]}
    services.give_to_read(**given, by=cast.petition_officer, at=clock.now())
    with acting_as(cast.handler):
        assert [text["is_shown"] for text in queries.texts(made.pk, cast.handler)] == [True, True]
    services.take_from_reading(**given, by=cast.petition_officer, at=clock.now())
    with acting_as(cast.handler):
        assert queries.petition(made.pk) is None


def test_added_facts_wait_for_the_registrar(cast: Any) -> None:
    made = registered(cast)
    services.give_to_read(
        petition_id=made.pk, role="petition_handler", unit_id=cast.units["PF"], by=cast.petition_officer, at=clock.now()
    )
    added = services.add_text(
        petition_id=made.pk,
        part=Part.ADDITION,
        side=Side.PETITIONER,
        text="补充：晓明有录音。",
        by=PUBLIC,
        at=clock.now(),
    )
    with acting_as(cast.handler):
        last = queries.texts(made.pk, cast.handler)[-1]
    assert (last["is_shown"], last["text"]) == (False, "")
    custody.release_text(text_id=added.pk, by=cast.petition_registrar, at=clock.now())
    with acting_as(cast.handler):
        assert queries.texts(made.pk, cast.handler)[-1]["text"] == "补充：████有录音。"


def test_the_accused_and_their_unit_see_nothing_of_an_accusation(cast: Any) -> None:
    made = registered(cast, kind=Kind.ACCUSATION, subject_unit_id=cast.units["PF"])
    services.give_to_read(
        petition_id=made.pk, role="petition_handler", unit_id=cast.units["PF"], by=cast.petition_officer, at=clock.now()
    )
    with acting_as(cast.handler):
        assert queries.petition(made.pk) is None
    with acting_as(cast.petition_officer):
        assert queries.petition(made.pk) is not None


def test_a_suggestion_may_reach_the_unit_it_is_about(cast: Any) -> None:
    made = registered(cast, kind=Kind.SUGGESTION, subject_unit_id=cast.units["PF"])
    services.give_to_read(
        petition_id=made.pk, role="petition_handler", unit_id=cast.units["PF"], by=cast.petition_officer, at=clock.now()
    )
    with acting_as(cast.handler):
        assert queries.petition(made.pk) is not None


def test_who_is_complained_of_sees_nothing_in_any_post(cast: Any) -> None:
    made = registered(cast, subject_person_id=cast.petition_officer.person_id)
    with acting_as(cast.petition_officer):
        assert queries.petition(made.pk) is None
    head = registered(cast, kind=Kind.ACCUSATION, subject_unit_id=cast.units["GO"])
    with acting_as(cast.petition_registrar):  # of the General Office itself somebody must be left
        assert queries.petition(head.pk) is not None


def test_who_steps_aside_loses_sight(cast: Any) -> None:
    made = registered(cast)
    me = cast.petition_officer
    services.step_aside(petition_id=made.pk, person_id=me.person_id, reason="亲属", by=me, at=clock.now())
    with acting_as(me):
        assert queries.petition(made.pk) is None
        assert not Guard.objects.filter(pk=made.guard_id).exists()
    with acting_as(cast.petition_registrar):
        assert queries.petition(made.pk) is not None


def test_states_follow_the_table_in_code_and_database(cast: Any) -> None:
    made = registered(cast)
    for state in State.values:
        if state == made.state or state in FOLLOWS[made.state]:
            continue
        with pytest.raises(rules.WrongState):
            services.set_state(petition_id=made.pk, state=state, by=cast.petition_officer, at=clock.now())
        with pytest.raises(IntegrityError), acting_as(SYSTEM), transaction.atomic():
            Petition.objects.filter(pk=made.pk).update(state=state)
    services.set_state(petition_id=made.pk, state=State.UNDER_WAY, by=cast.petition_officer, at=clock.now())
    answered = services.set_state(petition_id=made.pk, state=State.ANSWERED, by=cast.petition_officer, at=clock.now())
    final = services.set_state(petition_id=answered.pk, state=State.FINAL, by=cast.petition_officer, at=clock.now())
    with pytest.raises(rules.WrongState, match="for good"):
        services.set_state(petition_id=final.pk, state=State.UNDER_WAY, by=cast.petition_officer, at=clock.now())


def test_reopening_is_counted(cast: Any) -> None:
    made = registered(cast)
    for state in (State.UNDER_WAY, State.ANSWERED, State.CLOSED, State.UNDER_WAY):
        made = services.set_state(petition_id=made.pk, state=state, by=cast.petition_officer, at=clock.now())
    assert (made.reopened_count, made.closed_at) == (1, None)


def test_a_title_that_tells_who_petitions_is_refused(cast: Any) -> None:
    got = received()
    with pytest.raises(Refused) as refusal:
        registrar = cast.petition_registrar
        services.register(petition_id=got.petition.pk, title="欧阳晓明的申诉", by=registrar, at=clock.now())
    assert refusal.value.field == "title"


def test_an_office_text_that_names_the_sender_is_refused(cast: Any) -> None:
    made = registered(cast)
    with pytest.raises(Refused, match="tells who petitions"):
        services.add_text(
            petition_id=made.pk,
            part=Part.REPLY,
            side=Side.OFFICE,
            text="晓明同志：来信收悉。",
            by=cast.petition_officer,
            at=clock.now(),
        )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"request": " "}, "request"),
        ({"facts": "x" * 20_001}, "facts"),
        ({"reasons": "<script>alert(1)</script>"}, "reasons"),
        ({"facts": "a\x00b"}, "facts"),
        ({"group_size": 0}, "group_size"),
        ({"field": "no-such-field"}, "field"),
        ({"files": [text_file("x")] * 11}, "files"),
        ({"files": [text_file("MZ\x90", "setup.exe")]}, "file"),
        ({"files": [text_file("")]}, "file"),
    ],
)
def test_what_is_not_taken_leaves_nothing(cast: Any, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        received(**more)
    assert refusal.value.field == field
    with acting_as(SYSTEM):
        assert not Petition.objects.exists()


def test_state_secrets_are_refused(cast: Any) -> None:
    with pytest.raises(SecretMarking):
        received(facts="附件为 机密★10年 文件")
    with pytest.raises(SecretMarking):
        received(files=[text_file("绝密★30年")])
    with acting_as(SYSTEM):
        assert not Petition.objects.exists()


def test_a_form_sent_twice_is_received_once(cast: Any) -> None:
    received(token="a" * 32)
    with pytest.raises(Refused):
        received(token="a" * 32)
    with acting_as(SYSTEM):
        assert Petition.objects.count() == 1


def test_a_refusal_of_a_file_does_not_repeat_its_name(cast: Any) -> None:
    with pytest.raises(Refused) as refusal:
        received(files=[text_file("", "欧阳晓明.pdf")])
    assert "晓明" not in str(refusal.value)


def test_a_change_over_somebody_elses_is_stale(cast: Any) -> None:
    made = registered(cast)
    registrar, seen = cast.petition_registrar, made.version
    services.correct(petition_id=made.pk, changes={"region": "江苏"}, seen_version=seen, by=registrar, at=clock.now())
    with pytest.raises(Stale):
        services.correct(
            petition_id=made.pk, changes={"region": "浙江"}, seen_version=seen, by=registrar, at=clock.now()
        )


def test_only_registrars_register(cast: Any) -> None:
    got = received()
    with pytest.raises(Refused):
        services.register(petition_id=got.petition.pk, title="x", by=cast.petition_officer, at=clock.now())
    with pytest.raises(Refused):
        received(by=cast.petition_officer)


def test_ratings_are_from_one_to_five_and_after_the_answer(cast: Any) -> None:
    made = registered(cast)
    with pytest.raises(Refused):
        services.rate(petition_id=made.pk, rating=5, by=PUBLIC, at=clock.now())
    for state in (State.UNDER_WAY, State.ANSWERED):
        services.set_state(petition_id=made.pk, state=state, by=cast.petition_officer, at=clock.now())
    with pytest.raises(Refused):
        services.rate(petition_id=made.pk, rating=6, by=PUBLIC, at=clock.now())
    assert services.rate(petition_id=made.pk, rating=4, note="谢谢", by=PUBLIC, at=clock.now()).rating == 4


def test_an_anonymous_petition_is_taken(cast: Any) -> None:
    got = received(identity=None)
    assert got.petition.is_anonymous and got.receipt_code


def test_the_number_and_the_way_it_came_stay(cast: Any) -> None:
    made = registered(cast)
    for change in ({"number": "x"}, {"received_on": "2020-01-01"}, {"channel": "VISIT"}):
        with pytest.raises(IntegrityError), acting_as(SYSTEM), transaction.atomic():
            Petition.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError), acting_as(SYSTEM), transaction.atomic():
        Petition.objects.filter(pk=made.pk).delete()
    assert SENDER.name not in repr(SENDER)


def test_the_limit_of_the_receipt_notice_runs_from_arrival(cast: Any) -> None:
    came = clock.now() - dt.timedelta(days=3)
    made = received(channel="LETTER", received_at=came, by=cast.petition_registrar).petition
    day = clock.date_of(came) + dt.timedelta(days=rulebook.days("petition.receipt_notice", on=clock.date_of(came)))
    while not calendar.is_working_day(day):
        day += dt.timedelta(days=1)
    assert made.due_on == day
