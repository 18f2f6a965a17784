"""What is alike is found as far as one may see it; merging, linking, splitting; known senders."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from chancery.departments.general_office.petitions import queries as petition_queries
from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.likeness import queries, services
from chancery.departments.general_office.petitions.likeness.models import PetitionLikeness, PetitionTie
from chancery.departments.general_office.petitions.likeness.terms import TieKind
from chancery.departments.general_office.petitions.likeness.tests.letters import (
    OTHER,
    TEXT,
    letter,
    registered,
    sender,
)
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.rules import NoSuchPetition, WrongState
from chancery.departments.general_office.petitions.terms import Kind, Outcome, State
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.journal.models import Entry
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused

pytestmark = pytest.mark.django_db
WHY = "两件反映同一评选事项。"


def found(cast: Any, petition: Petition, who: str = "petition_registrar") -> list[tuple[int, bool]]:
    with acting_as(cast[who]):
        return [(one.petition.pk, one.same_contact) for one in queries.alike(petition.pk, on=clock.today())]


def merged(cast: Any, one: Petition, other: Petition) -> Petition:
    return services.merge(petition_id=one.pk, into_id=other.pk, reason=WHY, by=cast.petition_officer, at=clock.now())


# --- What is alike ---------------------------------------------------------------------------------------------------
def test_the_same_text_of_another_sender_is_found_and_other_matters_are_not(cast: Any) -> None:
    first, _other, again = letter(1), letter(2, OTHER), letter(3)
    assert found(cast, again) == [(first.pk, False)]
    with acting_as(cast.petition_registrar):
        (line,) = queries.alike(again.pk, on=clock.today())
    assert line.percent >= 75


def test_the_same_contact_is_found_whatever_was_written(cast: Any) -> None:
    first = letter(1)
    again = letter(1, OTHER, identity=sender(1))
    assert found(cast, again) == [(first.pk, True)]
    with acting_as(SYSTEM):
        assert Petition.objects.get(pk=again.pk).is_repeat and not Petition.objects.get(pk=first.pk).is_repeat


def test_no_words_lie_with_the_hashes(cast: Any) -> None:
    made = letter(1)
    with acting_as(SYSTEM):
        held = PetitionLikeness.objects.get(petition=made)
    assert len(bytes(held.signature)) == 400 and len(held.bands) == 20
    assert not any(part.encode() in bytes(held.signature) for part in (TEXT[:4], sender(1).name))


def test_who_does_not_see_a_petition_is_not_told_that_there_is_one_like_it(cast: Any) -> None:
    about = registered(cast, 1, kind=Kind.ACCUSATION, subject_person_id=cast.petition_officer.person_id)
    again = registered(cast, 2)
    assert found(cast, again, "petition_officer") == []
    assert found(cast, again) == [(about.pk, False)]


def test_a_handler_learns_nothing_of_same_senders(cast: Any) -> None:
    first, again = registered(cast, 1), registered(cast, 1, OTHER, identity=sender(1))
    for one in (first, again):
        petitions.give_to_read(
            petition_id=one.pk,
            role="petition_handler",
            unit_id=cast.units["PF"],
            by=cast.petition_officer,
            at=clock.now(),
        )
    assert found(cast, again, "handler") == []
    with acting_as(cast.handler):
        shown = queries.section(again, cast.handler, clock.now())
    assert shown is not None and not shown["may_tie"] and shown["alike"] == []
    assert found(cast, again, "outsider") == []


def test_what_the_same_sender_has_under_way_is_a_ground_not_to_accept(cast: Any) -> None:
    first = registered(cast, 1)
    again = registered(cast, 1)
    stranger = registered(cast, 2)
    with acting_as(cast.petition_officer):
        assert [one.petition.pk for one in queries.under_way(again.pk, on=clock.today())] == [first.pk]
        assert queries.under_way(stranger.pk, on=clock.today()) == []
    petitions.set_state(petition_id=first.pk, state=State.CLOSED, by=cast.petition_officer, at=clock.now())
    with acting_as(cast.petition_officer):
        assert queries.under_way(again.pk, on=clock.today()) == []


def test_a_known_sender_is_marked_and_unmarked_with_a_reason(cast: Any) -> None:
    made = registered(cast, 1)
    by = cast.petition_registrar
    with pytest.raises(Refused):
        services.mark_repeat(petition_id=made.pk, is_repeat=True, reason=" ", by=by, at=clock.now())
    marked = services.mark_repeat(petition_id=made.pk, is_repeat=True, reason="多次来信。", by=by, at=clock.now())
    assert marked.is_repeat


# --- Merging ---------------------------------------------------------------------------------------------------------
def test_one_leads_and_the_other_closes_with_it(cast: Any) -> None:
    leading, other = registered(cast, 1), registered(cast, 2)
    made = merged(cast, other, leading)
    assert (made.state, made.outcome, made.merged_into_id) == (State.CLOSED, Outcome.MERGED, leading.pk)
    with acting_as(SYSTEM):
        tie = PetitionTie.objects.get()
        acts = set(Entry.objects.filter(subject__startswith="general_office.petition:").values_list("act", flat=True))
    assert (tie.kind, tie.reason, tie.percent > 70) == (TieKind.MERGED, WHY, True)
    assert {"petition.merged", "petition.took_in"} <= acts


def test_the_receipts_of_both_work_and_lead_to_the_answer(cast: Any) -> None:
    got = petitions.receive(
        kind=Kind.APPEAL, channel="WEB", language="en", request=TEXT, identity=sender(9), by=PUBLIC, at=clock.now()
    )
    other = petitions.register(
        petition_id=got.petition.pk, title="要求公开评选程序", by=cast.petition_registrar, at=clock.now()
    )
    leading = registered(cast, 1)
    merged(cast, other, leading)
    petitions.set_state(petition_id=leading.pk, state=State.UNDER_WAY, by=cast.petition_officer, at=clock.now())
    text = petitions.add_text(
        petition_id=leading.pk, part="REPLY", side="OFFICE", text="评选程序将于本月公布。", by=cast.petition_officer,
        at=clock.now(),
    )  # fmt: skip
    petitions.tell(text_ids=[text.pk], by=cast.petition_officer, at=clock.now())
    found_by = petition_queries.by_receipt(got.receipt_code)
    assert found_by is not None and found_by.leads.state == State.UNDER_WAY
    told = [one["text"] for one in petition_queries.told_texts(leading.pk) if one["side"] == "OFFICE"]
    assert told == ["评选程序将于本月公布。"]


@pytest.mark.parametrize("who", ["handler", "petition_custodian", "office_head", "outsider", "petition_reviewer"])
def test_only_registrars_and_officers_merge(cast: Any, who: str) -> None:
    one, other = registered(cast, 1), registered(cast, 2)
    with pytest.raises(Refused):
        services.merge(petition_id=one.pk, into_id=other.pk, reason=WHY, by=cast[who], at=clock.now())


def test_what_is_not_merged(cast: Any) -> None:
    by, at = cast.petition_officer, clock.now()
    one, other, third = (registered(cast, n) for n in range(3))
    new = letter(5)
    with pytest.raises(Refused, match="into itself"):
        services.merge(petition_id=one.pk, into_id=one.pk, reason=WHY, by=by, at=at)
    with pytest.raises(Refused, match="Say why"):
        services.merge(petition_id=one.pk, into_id=other.pk, reason=" ", by=by, at=at)
    with pytest.raises(WrongState, match="Register both"):
        services.merge(petition_id=new.pk, into_id=other.pk, reason=WHY, by=by, at=at)
    merged(cast, one, other)
    with pytest.raises(WrongState, match="already"):
        services.merge(petition_id=one.pk, into_id=third.pk, reason=WHY, by=by, at=at)
    with pytest.raises(WrongState, match="choose that one"):
        services.merge(petition_id=third.pk, into_id=one.pk, reason=WHY, by=by, at=at)
    with pytest.raises(WrongState, match="Others are merged"):
        services.merge(petition_id=other.pk, into_id=third.pk, reason=WHY, by=by, at=at)
    petitions.set_state(petition_id=third.pk, state=State.CLOSED, by=by, at=at)
    fourth = registered(cast, 7)
    with pytest.raises(WrongState, match="is closed"):
        services.merge(petition_id=fourth.pk, into_id=third.pk, reason=WHY, by=by, at=at)
    with pytest.raises(WrongState, match="link the two"):
        services.merge(petition_id=third.pk, into_id=fourth.pk, reason=WHY, by=by, at=at)
    with pytest.raises(NoSuchPetition):
        services.merge(petition_id=fourth.pk, into_id=10**9, reason=WHY, by=by, at=at)


def test_the_database_keeps_merging_one_deep(cast: Any) -> None:
    one, other, third = (registered(cast, n) for n in range(3))
    merged(cast, one, other)
    for petition, into in ((other, third), (third, one)):
        with pytest.raises((IntegrityError, DatabaseError)), acting_as(SYSTEM), transaction.atomic():
            Petition.objects.filter(pk=petition.pk).update(merged_into=into)


def test_who_is_kept_from_one_is_kept_from_both_and_again_free_after_splitting(cast: Any) -> None:
    leading = registered(cast, 1)
    other = registered(cast, 2)
    accused = cast.handler
    about = registered(cast, 3, kind=Kind.ACCUSATION, subject_unit_id=cast.units["PF"])
    for one in (leading, other, about):
        petitions.give_to_read(
            petition_id=one.pk,
            role="petition_handler",
            unit_id=cast.units["PF"],
            by=cast.petition_officer,
            at=clock.now(),
        )

    def seen() -> set[int]:
        with acting_as(accused):
            return set(Petition.objects.values_list("pk", flat=True))

    assert seen() == {leading.pk, other.pk}
    merged(cast, other, leading)
    merged(cast, about, leading)
    assert seen() == set()
    services.split(petition_id=about.pk, reason="不是同一事项。", by=cast.petition_officer, at=clock.now())
    assert seen() == {leading.pk, other.pk}


def test_who_is_barred_later_is_barred_from_all_and_who_is_given_it_later_reads_all(cast: Any) -> None:
    leading, other = registered(cast, 1), registered(cast, 2)
    merged(cast, other, leading)
    petitions.give_to_read(
        petition_id=leading.pk,
        role="petition_handler",
        unit_id=cast.units["PF"],
        by=cast.petition_officer,
        at=clock.now(),
    )
    with acting_as(cast.handler):
        assert Petition.objects.count() == 2
    me = cast.petition_officer
    petitions.step_aside(petition_id=other.pk, person_id=me.person_id, reason="亲属关系", by=me, at=clock.now())
    with acting_as(me):
        assert Petition.objects.count() == 0
    petitions.take_from_reading(
        petition_id=leading.pk,
        role="petition_handler",
        unit_id=cast.units["PF"],
        by=cast.petition_registrar,
        at=clock.now(),
    )
    with acting_as(cast.handler):
        assert Petition.objects.count() == 0


def test_the_office_tells_none_of_the_senders_what_names_another(cast: Any) -> None:
    leading, other = registered(cast, 1), registered(cast, 2)
    merged(cast, other, leading)
    with pytest.raises(Refused, match="tells who petitions"):
        petitions.add_text(
            petition_id=leading.pk, part="REPLY", side="OFFICE", text=f"{sender(2).name}等人的来信收悉。",
            by=cast.petition_officer, at=clock.now(),
        )  # fmt: skip


# --- Splitting and linking -------------------------------------------------------------------------------------------
def test_what_is_split_goes_on_by_itself_and_the_trace_stays(cast: Any) -> None:
    leading, other = registered(cast, 1), registered(cast, 2)
    merged(cast, other, leading)
    made = services.split(petition_id=other.pk, reason="诉求不同。", by=cast.petition_registrar, at=clock.now())
    assert (made.state, made.outcome, made.merged_into_id, made.closed_at) == (State.REGISTERED, "", None, None)
    assert made.reopened_count == 0
    with acting_as(SYSTEM):
        tie = PetitionTie.objects.get()
    assert tie.ended_at is not None and tie.end_reason == "诉求不同。"
    with pytest.raises(WrongState):
        services.split(petition_id=other.pk, reason="诉求不同。", by=cast.petition_registrar, at=clock.now())
    assert merged(cast, made, leading).merged_into_id == leading.pk  # and may be merged again


def test_links_are_made_once_either_way_round_and_ended_with_a_reason(cast: Any) -> None:
    by, at = cast.petition_registrar, clock.now()
    one, other = registered(cast, 1), registered(cast, 2, OTHER)
    tie = services.link(petition_id=other.pk, other_id=one.pk, reason=WHY, by=by, at=at)
    with pytest.raises(Refused, match="already"):
        services.link(petition_id=one.pk, other_id=other.pk, reason=WHY, by=by, at=at)
    with pytest.raises(Refused, match="Say why"):
        services.unlink(tie_id=tie.pk, reason="", by=by, at=at)
    services.unlink(tie_id=tie.pk, reason="不相关。", by=by, at=at)
    with pytest.raises(Refused, match="ended already"):
        services.unlink(tie_id=tie.pk, reason="不相关。", by=by, at=at)
    with pytest.raises(Refused, match="with itself"):
        services.link(petition_id=one.pk, other_id=one.pk, reason=WHY, by=by, at=at)
    merged(cast, one, other)
    with pytest.raises(WrongState, match="merged already"):
        services.link(petition_id=one.pk, other_id=other.pk, reason=WHY, by=by, at=at)
