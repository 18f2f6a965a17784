"""One text, many senders: proposed, joined at one press, answered as one, one taken out."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.likeness import queries, services
from chancery.departments.general_office.petitions.likeness.models import PetitionTie
from chancery.departments.general_office.petitions.likeness.tests.letters import OTHER, letter, registered, sender
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.rules import WrongState
from chancery.departments.general_office.petitions.terms import Outcome, State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal.models import Entry
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused

pytestmark = pytest.mark.django_db
TITLE = "要求公开评选程序（多人同文来信）"


def joined(cast: Any, letters: list[Petition]) -> Any:
    return services.open_campaign(
        petition_ids=[one.pk for one in letters], title=TITLE, by=cast.petition_registrar, at=clock.now()
    )


def test_letters_of_one_text_are_proposed_from_the_number_of_the_rulebook_on(cast: Any) -> None:
    many = int(rulebook.number("petition.campaign.letters", on=clock.today()))
    letters = [letter(n) for n in range(many - 1)]
    letter(77, OTHER)
    by = cast.petition_officer
    with acting_as(by):
        assert queries.proposals(on=clock.today()) == []
        assert queries.lines(by, clock.today())[0].n == 0
    letters.append(letter(many))
    with acting_as(by):
        (cluster,) = queries.proposals(on=clock.today())
        assert queries.lines(by, clock.today())[0].n == 1
    assert cluster.ids == tuple(one.pk for one in letters)
    with acting_as(cast.outsider):
        assert queries.proposals(on=clock.today()) == []


def test_one_press_joins_all_with_numbers_without_a_gap(cast: Any) -> None:
    letters = [letter(n) for n in range(8)]
    made = joined(cast, letters)
    with acting_as(SYSTEM):
        rows = list(Petition.objects.order_by("pk"))
        ties = PetitionTie.objects.count()
        joins = Entry.objects.filter(act="petition.campaign_joined").count()
    assert made.leading_id == letters[0].pk == rows[0].pk
    assert (rows[0].state, rows[0].campaign_id) == (State.REGISTERED, made.pk)
    assert {(one.state, one.outcome, one.merged_into_id, one.campaign_id) for one in rows[1:]} == {
        (State.CLOSED, Outcome.MERGED, rows[0].pk, made.pk)
    }
    pattern = rulebook.text("number.petition", on=clock.today())
    assert [one.number for one in rows] == [pattern.format(year=clock.today().year, n=n) for n in range(1, 9)]
    assert (ties, joins) == (7, 7)


def test_joining_asks_as_much_for_five_as_for_fifteen(cast: Any) -> None:
    few, many = [letter(n) for n in range(5)], [letter(100 + n, OTHER) for n in range(15)]
    joined(cast, [letter(200 + n) for n in range(2)])  # what is read once and kept is read
    with CaptureQueriesContext(connection) as of_few:
        joined(cast, few)
    with CaptureQueriesContext(connection) as of_many:
        joined(cast, many)
    assert len(of_many) == len(of_few)


def test_a_reply_reaches_every_receipt_and_is_counted(cast: Any) -> None:
    made = joined(cast, [letter(n) for n in range(6)])
    reached = services.reply_to_all(
        campaign_id=made.pk, text="评选程序将于本月在网站公布。", by=cast.petition_officer, at=clock.now()
    )
    assert reached == 6
    with acting_as(cast.petition_officer):
        assert queries.replies(made.leading_id) == 1
    for text in (f"{sender(4).name}：来信收悉。", f"请致电{sender(3).phone}。"):
        with pytest.raises(Refused, match="tells who petitions"):
            services.reply_to_all(campaign_id=made.pk, text=text, by=cast.petition_officer, at=clock.now())
    with pytest.raises(Refused):
        services.reply_to_all(campaign_id=made.pk, text="公布。", by=cast.petition_registrar, at=clock.now())


def test_later_letters_are_taken_in_and_one_is_taken_out(cast: Any) -> None:
    letters = [letter(n) for n in range(5)]
    made = joined(cast, letters)
    late = letter(50)
    by, at = cast.petition_registrar, clock.now()
    with acting_as(by):
        assert [one.pk for one in queries.of_one_text(made.leading_id, on=clock.today())] == [late.pk]
    assert services.join_campaign(campaign_id=made.pk, petition_ids=[late.pk], by=by, at=at) == 1
    with pytest.raises(Refused):
        services.join_campaign(campaign_id=made.pk, petition_ids=[late.pk], by=by, at=at)
    out = services.take_out(petition_id=late.pk, reason="另有个人诉求。", by=by, at=at)
    assert (out.state, out.campaign_id, out.merged_into_id) == (State.REGISTERED, None, None)
    with pytest.raises(WrongState, match="leads the campaign"):
        services.take_out(petition_id=made.leading_id, reason="另有诉求。", by=by, at=at)
    petitions.set_state(petition_id=made.leading_id, state=State.CLOSED, by=by, at=at)
    with pytest.raises(WrongState, match="closed"):
        services.join_campaign(campaign_id=made.pk, petition_ids=[out.pk], by=by, at=at)


def test_what_has_a_procedure_already_is_ended_and_joined(cast: Any) -> None:
    first, second = registered(cast, 1), registered(cast, 2)
    made = joined(cast, [first, second, letter(3)])
    with acting_as(SYSTEM):
        assert Petition.objects.filter(campaign=made, merged_into=first, state=State.CLOSED).count() == 2
        second.refresh_from_db()
    assert second.number and second.merged_into_id == first.pk


def test_a_campaign_is_of_several_and_its_title_names_nobody(cast: Any) -> None:
    one, other = letter(1), letter(2)
    by, at = cast.petition_registrar, clock.now()
    for ids in ([], [one.pk]):
        with pytest.raises(Refused, match="at least one more"):
            services.open_campaign(petition_ids=ids, title=TITLE, by=by, at=at)
    both = [one.pk, other.pk]
    with pytest.raises(Refused) as refusal:
        services.open_campaign(petition_ids=both, title=f"{sender(2).name}等人来信", by=by, at=at)
    assert refusal.value.field == "title"
    for who in (cast.petition_custodian, cast.petition_officer):  # an officer joins what is registered
        with pytest.raises(Refused):
            services.open_campaign(petition_ids=both, title=TITLE, by=who, at=at)
