"""The verbs of the directory: what they do, and what they refuse with a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.journal.queries import history
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.directory import queries, rules, services
from chancery.kernel.directory.desk.queries import holdings_of
from chancery.kernel.directory.models import FormerVersion, Holding, Person, Post, Unit, UnitTerm
from chancery.kernel.directory.tests.conftest import BEGAN, CLERK, EDITOR, NOW, TODAY, Office, person
from chancery.kernel.directory.units.queries import stamp_of

BY: dict[str, Any] = {"by": EDITOR, "at": NOW}


def day(month: int, number: int = 1, year: int = 2025) -> dt.date:
    return dt.date(year, month, number)


def test_a_renamed_unit_is_called_both_names_each_in_its_time(office: Office) -> None:
    services.rename_unit(
        unit_id=office.a, name_en="Department of Pears", name_zh="梨部", on=day(6), decision="12/2025", **BY
    )
    before = queries.unit_as_of(office.a, day(5, 31))
    after = queries.unit_as_of(office.a, day(6))
    assert before and after
    assert (before["name_en"], after["name_en"]) == ("Department of Apples", "Department of Pears")
    assert after["decision"] == "12/2025"
    assert Unit.objects.get(pk=office.a).name_en == "Department of Pears"


def test_a_late_entry_does_not_overwrite_what_was_decided_to_follow(office: Office) -> None:
    services.rename_unit(unit_id=office.a, name_en="Third", name_zh="", on=day(9), decision="x", **BY)
    services.rename_unit(unit_id=office.a, name_en="Second", name_zh="", on=day(3), decision="x", **BY)
    found = [queries.unit_as_of(office.a, when) for when in (day(2), day(3), day(8, 31), day(9))]
    names = [term and term["name_en"] for term in found]
    assert names == ["Department of Apples", "Second", "Second", "Third"]


def test_a_late_move_carries_through_a_later_rename(office: Office) -> None:
    services.rename_unit(unit_id=office.a1, name_en="Cider House", name_zh="", on=day(9), decision="x", **BY)
    services.move_unit(unit_id=office.a1, parent_id=office.b, on=day(3), decision="x", **BY)
    later = queries.unit_as_of(office.a1, day(10))
    assert later is not None
    assert (later["name_en"], later["parent_code"]) == ("Cider House", "B")


def test_a_change_to_what_it_already_is_writes_nothing(office: Office) -> None:
    before = len(history(f"directory.unit:{office.a}"))
    services.rename_unit(unit_id=office.a, name_en="Department of Apples", name_zh="苹果部", **BY)
    assert UnitTerm.objects.filter(unit_id=office.a).count() == 1
    assert len(history(f"directory.unit:{office.a}")) == before


def test_a_change_dated_back_needs_a_decision_or_a_reason(office: Office) -> None:
    with pytest.raises(Refused) as refusal:
        services.rename_unit(unit_id=office.a, name_en="Pears", name_zh="", on=day(1), **BY)
    assert refusal.value.field == "decision"


def test_dissolving_takes_posts_and_holdings_along_when_told_to(office: Office) -> None:
    with pytest.raises(Refused, match="Division of Cider"):
        services.dissolve_unit(unit_id=office.a, on=day(6), decision="x", **BY)
    services.move_unit(unit_id=office.a1, parent_id=office.b, on=day(6), decision="x", **BY)
    with pytest.raises(Refused) as refusal:
        services.dissolve_unit(unit_id=office.a, on=day(6), decision="x", **BY)
    assert refusal.value.field == "with_posts"
    services.dissolve_unit(unit_id=office.a, on=day(6), with_posts=True, decision="x", **BY)
    assert queries.unit_as_of(office.a, day(5, 31)) is not None
    assert queries.unit_as_of(office.a, day(6)) is None
    assert queries.holders_of(office.director, day(5, 31))[0]["name_en"] == "Anna Ash"
    assert queries.holders_of(office.director, day(6)) == []
    assert history(f"directory.unit:{office.a}")[-1]["data"]["holdings_ended"] == 3


def test_a_unit_is_not_dissolved_twice_nor_before_it_began(office: Office) -> None:
    with pytest.raises(rules.BrokenLaw):
        services.dissolve_unit(unit_id=office.b, on=BEGAN, decision="x", **BY)
    services.dissolve_unit(unit_id=office.b, on=day(6), decision="x", **BY)
    with pytest.raises(Refused, match="ended already"):
        services.dissolve_unit(unit_id=office.b, on=day(7), decision="x", **BY)


def test_one_unit_leads_another(office: Office) -> None:
    services.set_led_by(unit_id=office.b, led_by_id=office.a, **BY)
    led = queries.unit_as_of(office.b, TODAY)
    assert led is not None
    assert led["leader_code"] == "A"
    with pytest.raises(Refused, match="led by"):
        services.dissolve_unit(unit_id=office.a, with_posts=True, **BY)


def test_a_post_gets_another_title_and_a_third_seat(office: Office) -> None:
    services.retitle_post(post_id=office.deputies, changes={"title_en": "Vice director", "seats": 3}, **BY)
    assert Post.objects.get(pk=office.deputies).seats == 3
    services.appoint(person_id=office.anna, post_id=office.deputies, kind="CONCURRENT", **BY)
    with pytest.raises(rules.BrokenLaw) as refusal:
        services.retitle_post(post_id=office.deputies, changes={"seats": 2}, **BY)
    assert refusal.value.field == "seats" or refusal.value.law == "directory_holding_seat_exists"


def test_abolishing_a_held_post_names_the_holders(office: Office) -> None:
    with pytest.raises(Refused, match="Bo Birch, Chen Cedar"):
        services.abolish_post(post_id=office.deputies, **BY)
    services.abolish_post(post_id=office.deputies, with_holdings=True, **BY)
    assert queries.holders_of(office.deputies, TODAY) == []
    with pytest.raises(rules.BrokenLaw) as refusal:
        services.appoint(person_id=office.anna, post_id=office.deputies, **BY)
    assert refusal.value.law == "directory_holding_within_post"


def test_an_appointment_takes_the_first_free_seat(office: Office) -> None:
    services.end_holding(holding_id=office.bo_holds, on=day(6), decision="x", **BY)
    assert (
        services.appoint(
            person_id=office.anna, post_id=office.deputies, on=day(6), decision="x", kind="TRIAL", **BY
        ).seat
        == 1
    )
    with pytest.raises(Refused) as refusal:
        services.appoint(person_id=person("Dai Dew").pk, post_id=office.deputies, on=day(7), decision="x", **BY)
    assert refusal.value.field == "seat"


def test_the_same_person_twice_is_told_so_at_the_person(office: Office) -> None:
    with pytest.raises(rules.BrokenLaw) as refusal:
        services.appoint(person_id=office.anna, post_id=office.director, **BY)
    assert refusal.value.field == "person"


def test_somebody_acts_beside_the_holder(office: Office) -> None:
    services.appoint_acting(person_id=office.bo, post_id=office.director, until=day(6, year=2026), **BY)
    assert [row["kind"] for row in queries.holders_of(office.director, TODAY)] == ["SUBSTANTIVE", "ACTING"]
    assert [row["kind"] for row in queries.holders_of(office.director, day(6, year=2026))] == ["SUBSTANTIVE"]


def test_an_end_before_its_start_is_refused_at_the_field(office: Office) -> None:
    with pytest.raises(Refused) as refusal:
        services.appoint(person_id=office.anna, post_id=office.deputies, on=TODAY, until=day(1), **BY)
    assert refusal.value.field == "until"
    with pytest.raises(Refused) as refusal:
        services.end_holding(holding_id=office.anna_holds, on=BEGAN, decision="x", **BY)
    assert refusal.value.field == "on"


def test_a_correction_says_why_and_keeps_what_stood_there(office: Office) -> None:
    with pytest.raises(Refused) as refusal:
        services.correct_holding(holding_id=office.anna_holds, start=day(2), reason=" ", **BY)
    assert refusal.value.field == "reason"
    services.correct_holding(holding_id=office.anna_holds, start=day(2), reason="The decision says February.", **BY)
    assert queries.holders_of(office.director, day(1)) == []
    former = queries.former_versions("holding", office.anna_holds)
    assert [row["reason"] for row in former] == ["The decision says February."]
    told = history(f"directory.holding:{office.anna_holds}")[-1]
    assert told["act"] == "holding.corrected"
    assert told["data"]["start"] == {"from": "2020-01-01", "to": "2025-02-01"}


def test_an_entry_that_never_was_is_struck_out_and_stays_readable(office: Office) -> None:
    services.correct_holding(holding_id=office.anna_holds, is_wrong=True, reason="Another Anna.", **BY)
    assert queries.holders_of(office.director, TODAY) == []
    assert Holding.objects.get(pk=office.anna_holds).is_void
    assert FormerVersion.objects.filter(row_table="directory_holding", row_id=office.anna_holds).count() == 1
    services.appoint(person_id=office.anna, post_id=office.director, **BY)


def test_a_second_person_of_one_name_is_asked_about(office: Office) -> None:
    with pytest.raises(Refused) as refusal:
        services.add_person(name_en="anna ash", name_zh="安雅", **BY)
    assert refusal.value.field == "is_namesake"
    assert services.add_person(name_en="Anna Ash", name_zh="安雅", is_namesake=True, **BY).code == "anna-ash-2"


def test_a_name_is_corrected_with_a_reason_and_found_at_once(office: Office) -> None:
    from chancery.kernel.directory.finding.queries import find_people

    with pytest.raises(Refused):
        services.rename_person(person_id=office.anna, name_en="Anna Oak", name_zh="", **BY)
    services.rename_person(person_id=office.anna, name_en="Anna Oak", name_zh="", reason="Marriage", **BY)
    assert [row["name_en"] for row in find_people("oak", on=TODAY)] == ["Anna Oak"]
    assert find_people("ash", on=TODAY) == []


def test_contacts_are_kept_as_given_and_checked_for_shape(office: Office) -> None:
    services.add_contact(unit_id=office.a, kind="PHONE", value="86-10-68578086", is_public=True, **BY)
    for kind, value in (("PHONE", "call me"), ("EMAIL", "nobody"), ("WEB", "ftp://x"), ("POSTCODE", "!")):
        with pytest.raises(Refused) as refusal:
            services.add_contact(unit_id=office.a, kind=kind, value=value, **BY)
        assert refusal.value.field == "value"
    with pytest.raises(Refused) as refusal:
        services.add_contact(
            person_id=office.anna, kind="PHONE", value="13800000000", use="PRIVATE", is_public=True, **BY
        )
    assert refusal.value.field == "is_public"


def test_the_journal_does_not_tell_a_private_number(office: Office) -> None:
    contact = services.add_contact(person_id=office.anna, kind="PHONE", value="13800000000", use="PRIVATE", **BY)
    assert "13800000000" not in str(history(contact))


def test_a_contact_ends_or_is_struck_out(office: Office) -> None:
    contact = services.add_contact(unit_id=office.a, kind="FAX", value="123456", on=day(1), **BY)
    services.end_contact(contact_id=contact.pk, on=day(6), **BY)
    with pytest.raises(Refused, match="ended already"):
        services.end_contact(contact_id=contact.pk, on=day(7), **BY)
    with pytest.raises(Refused) as refusal:
        services.end_contact(contact_id=contact.pk, is_wrong=True, **BY)
    assert refusal.value.field == "reason"
    services.end_contact(contact_id=contact.pk, is_wrong=True, reason="wrong number", **BY)


def test_freshness_is_confirmed(office: Office) -> None:
    assert services.confirm_unit(unit_id=office.a, **BY).confirmed_on == TODAY
    assert history(f"directory.unit:{office.a}")[-1]["act"] == "unit.confirmed"


def test_what_changed_after_the_form_was_opened_stops_the_act(office: Office) -> None:
    seen = stamp_of(office.a)
    services.end_holding(holding_id=office.bo_holds, by=EDITOR, at=NOW)
    for act in (
        lambda: services.rename_unit(unit_id=office.a, name_en="Pears", name_zh="", seen=seen, **BY),
        lambda: services.open_post(unit_id=office.a, title_en="Clerk", seen=seen, **BY),
        lambda: services.appoint(person_id=office.anna, post_id=office.deputies, seen=seen, **BY),
        lambda: services.abolish_post(post_id=office.director, with_holdings=True, seen=seen, **BY),
        lambda: services.correct_holding(holding_id=office.anna_holds, start=day(2), reason="x", seen=seen, **BY),
    ):
        with pytest.raises(Stale):
            act()


@pytest.mark.parametrize("actor", [CLERK, PUBLIC])
def test_nobody_but_an_editor_changes_anything(office: Office, actor: Any) -> None:
    by: dict[str, Any] = {"by": actor, "at": NOW}
    acts = {
        "create": lambda: services.create_unit(code="Z", name_en="Z", kind="DEPARTMENT", **by),
        "rename": lambda: services.rename_unit(unit_id=office.a, name_en="Z", name_zh="", **by),
        "move": lambda: services.move_unit(unit_id=office.a, parent_id=office.b, **by),
        "lead": lambda: services.set_led_by(unit_id=office.a, led_by_id=office.b, **by),
        "dissolve": lambda: services.dissolve_unit(unit_id=office.b, **by),
        "confirm": lambda: services.confirm_unit(unit_id=office.a, **by),
        "open": lambda: services.open_post(unit_id=office.a, title_en="Z", **by),
        "retitle": lambda: services.retitle_post(post_id=office.director, changes={"seats": 2}, **by),
        "publish": lambda: services.publish_post(post_id=office.director, is_public=False, **by),
        "abolish": lambda: services.abolish_post(post_id=office.director, with_holdings=True, **by),
        "add": lambda: services.add_person(name_en="Z", **by),
        "name": lambda: services.rename_person(person_id=office.anna, name_en="Z", name_zh="", reason="x", **by),
        "appoint": lambda: services.appoint(person_id=office.anna, post_id=office.deputies, **by),
        "end": lambda: services.end_holding(holding_id=office.anna_holds, **by),
        "correct": lambda: services.correct_holding(holding_id=office.anna_holds, reason="x", **by),
        "contact": lambda: services.add_contact(unit_id=office.a, kind="FAX", value="123456", **by),
    }
    for name, act in acts.items():
        with pytest.raises(
            (Refused, Unit.DoesNotExist, Post.DoesNotExist, Person.DoesNotExist, Holding.DoesNotExist),
            match=r"editor|matching|does not exist",
        ):
            act()
            pytest.fail(name)


def test_without_access_only_the_system_edits(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_check", [rules._nobody])
    with pytest.raises(rules.NotAnEditor):
        services.confirm_unit(unit_id=office.a, **BY)
    services.confirm_unit(unit_id=office.a, by=SYSTEM, at=NOW)


def test_an_editor_acts_under_row_security_too(office: Office) -> None:
    with acting_as(EDITOR):
        unit = services.create_unit(code="C", name_en="Cherries", kind="DIVISION", parent_id=office.a, **BY)
        post = services.open_post(unit_id=unit.pk, title_en="Clerk", **BY)
        who = services.add_person(name_en="Dai Dew", **BY)
        services.appoint(person_id=who.pk, post_id=post.pk, **BY)
    assert [row["unit_code"] for row in holdings_of("person", who.pk, TODAY)] == ["C"]


def test_what_was_entered_ahead_comes_into_force_by_itself(office: Office) -> None:
    from chancery.kernel.directory.tasks import bring_up_to_date

    services.rename_unit(unit_id=office.a, name_en="Pears", name_zh="", on=day(4, year=2026), **BY)
    assert Unit.objects.get(pk=office.a).name_en == "Department of Apples"
    bring_up_to_date(timestamp=int((NOW + dt.timedelta(days=30)).timestamp()))
    assert Unit.objects.get(pk=office.a).name_en == "Pears"
