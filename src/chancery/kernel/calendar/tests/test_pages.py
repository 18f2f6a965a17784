"""The pages of the calendar, and who may change it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
import pytest
from django.urls import reverse

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.models import RoleGrant
from chancery.kernel.calendar import queries, services
from chancery.kernel.calendar.models import AnnouncedYear, WorkingDay
from chancery.kernel.calendar.terms import EDITOR_ROLE, DayKind

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
NOTICE = """2027-01-01..2027-01-03, holiday, New Year's Day, 元旦
2027-02-06..2027-02-12，放假，Spring Festival，春节

2027-02-14, working, Spring Festival, 春节"""


@pytest.fixture
def editor(cast: Any, rulebook: None) -> Actor:
    """The clerk of the cast, made calendar editor."""
    with acting_as(SYSTEM):
        RoleGrant.objects.get_or_create(
            post_id=cast.registrar.post_id, role=EDITOR_ROLE, unit_id=cast.registrar.body_id,
            defaults={"valid_from": dt.date(2020, 1, 1)},
        )  # fmt: skip
    return cast.registrar


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.cn
def test_the_year_shows_its_holidays_and_worked_weekends(cast: Any, rulebook: None, client_as: Any) -> None:
    page = client_as(cast.outsider).get(reverse("calendar:year", args=[2026])).content.decode()
    assert page.count('class="day holiday') == 1 + WorkingDay.objects.filter(day__year=2026, kind="HOLIDAY").count()
    assert page.count('class="day adjusted') == 1 + WorkingDay.objects.filter(day__year=2026, kind="ADJUSTED").count()
    assert "National Day" in page
    assert "248 working days, 117 rest days" in page
    assert "calendar/announce" not in page
    assert "Provisional" not in page


@pytest.mark.cn
def test_an_unannounced_year_says_that_it_is_provisional(cast: Any, rulebook: None, client_as: Any) -> None:
    page = client_as(cast.outsider).get(reverse("calendar:year", args=[2027])).content.decode()
    assert "Nobody has announced" in page
    assert "2026-12-10" in page


@pytest.mark.parametrize("year", [1900, 9999])
def test_years_outside_the_calendar_are_not_there(cast: Any, rulebook: None, client_as: Any, year: int) -> None:
    client = client_as(cast.outsider)
    assert client.get(reverse("calendar:year", args=[year])).status_code == 404
    assert client.get(reverse("calendar:ics", args=[year])).status_code == 404


def test_an_editor_makes_a_day_a_holiday_and_takes_it_back(editor: Actor, client_as: Any) -> None:
    client, address = client_as(editor), reverse("calendar:day", args=["2026-11-25"])
    change = {"kind": "HOLIDAY", "name_en": "Snow day", "name_zh": "雪日", "source": "Notice 7", "reason": "heavy snow"}
    assert client.post(address, change).status_code == 302
    assert queries.due_date(day("2026-11-24"), 1).due_on == day("2026-11-26")
    assert client.post(address, {"kind": "PLAIN", "reason": "no snow came"}).status_code == 302
    assert queries.due_date(day("2026-11-24"), 1).due_on == day("2026-11-25")
    with acting_as(SYSTEM):
        lines = journal.history("calendar.workingday:2026-11-25")
    assert [(line["act"], line["data"]["reason"]) for line in lines] == [
        ("calendar_day.marked", "heavy snow"),
        ("calendar_day.cleared", "no snow came"),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "HOLIDAY", "name_en": "x", "source": "s"}, "reason"),
        ({"kind": "HOLIDAY", "source": "s", "reason": "r"}, "Name the day"),
        ({"kind": "HOLIDAY", "name_en": "x", "reason": "r"}, "Name the notice"),
        ({"kind": "ADJUSTED", "name_en": "x", "source": "s", "reason": "r"}, "weekday is a working day already"),
        ({"kind": "PLAIN", "reason": "r"}, "plain rule already"),
        ({"kind": "FEAST", "reason": "r"}, "FEAST"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_beside_its_field(
    editor: Actor, client_as: Any, change: dict[str, str], words: str
) -> None:
    response = client_as(editor).post(reverse("calendar:day", args=["2026-11-25"]), change)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not WorkingDay.objects.filter(day="2026-11-25").exists()


@pytest.mark.parametrize("text", ["never", "2026-02-30", "1900-01-01"])
def test_a_day_that_is_none_is_not_there(editor: Actor, client_as: Any, text: str) -> None:
    assert client_as(editor).get(reverse("calendar:day", args=[text])).status_code == 404


def test_without_the_duty_nothing_can_be_changed(cast: Any, rulebook: None, client_as: Any) -> None:
    client = client_as(cast.outsider)
    for address in (reverse("calendar:day", args=["2026-11-25"]), reverse("calendar:announce")):
        assert client.get(address).status_code == 403
        assert client.post(address, {"kind": "PLAIN", "reason": "r"}).status_code == 403
    with pytest.raises(Refused, match="calendar editor"):
        services.clear_day(day=day("2026-10-01"), reason="r", by=cast.outsider, at=AT)
    with pytest.raises(Refused, match="calendar editor"):
        services.announce_year(year=2027, days=[], source="s", reason="r", by=cast.outsider, at=AT)


def test_announcing_a_year_from_its_notice_settles_it(editor: Actor, client_as: Any) -> None:
    before, was_settled = queries.due_date(day("2027-02-01"), 10), AnnouncedYear.objects.filter(year=2027).exists()
    response = client_as(editor).post(
        reverse("calendar:announce"),
        {
            "year": 2027,
            "source": "国办发明电〔2026〕7号",
            "announced_on": "2026-11-20",
            "notice": NOTICE,
            "reason": "notice",
        },
    )
    assert response.status_code == 302
    assert before.provisional is not was_settled
    assert queries.due_date(day("2027-02-01"), 10) == queries.Deadline(day("2027-02-19"), False)
    assert AnnouncedYear.objects.get(year=2027).source_zh == "国办发明电〔2026〕7号"
    assert WorkingDay.objects.filter(day__year=2027).count() == 11


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        ("2027-01-01; holiday; x", "Line 1 cannot be read"),
        ("2027-01-01, feast, x", "Line 1 cannot be read"),
        ("2027-01-01, holiday, x\n2027-01-05..2027-01-01, holiday, x", "Line 2 needs a name"),
        ("2026-01-01, holiday, x", "2026-01-01 is not in 2027"),
        ("2027-01-04, working, x", "weekday and worked already"),
        pytest.param("", "does not know 2027", marks=pytest.mark.cn),
        pytest.param("", "no library of public holidays", marks=pytest.mark.neutral),
    ],
)
def test_a_notice_that_cannot_be_read_is_refused_with_its_line(
    editor: Actor, client_as: Any, notice: str, words: str
) -> None:
    response = client_as(editor).post(
        reverse("calendar:announce"), {"year": 2027, "source": "s", "notice": notice, "reason": "r"}
    )
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not WorkingDay.objects.filter(day__year=2027).exists()
    assert not AnnouncedYear.objects.filter(year=2027, source_en="s").exists()


@pytest.mark.neutral
def test_a_site_outside_china_is_not_offered_chinas_holidays(editor: Actor, client_as: Any) -> None:
    client, address = client_as(editor), reverse("calendar:announce")
    assert "library" not in client.get(address).content.decode()
    assert client.post(address, {"year": 2026, "source": "library", "reason": "again"}).status_code == 422
    assert queries.due_date(day("2026-09-30"), 1).due_on == day("2026-10-01")


@pytest.mark.cn
def test_a_year_the_library_knows_is_taken_from_it(editor: Actor, client_as: Any) -> None:
    with acting_as(SYSTEM):
        WorkingDay.objects.filter(day__year=2026).delete()
    assert (
        client_as(editor)
        .post(reverse("calendar:announce"), {"year": 2026, "source": "library", "reason": "again"})
        .status_code
        == 302
    )
    assert queries.due_date(day("2026-09-30"), 1).due_on == day("2026-10-08")


@pytest.mark.cn
def test_a_deadline_is_reckoned_on_a_page_that_can_be_sent_as_a_link(cast: Any, rulebook: None, client_as: Any) -> None:
    client, address = client_as(cast.outsider), reverse("calendar:deadline")
    assert "2026-10-08" in client.get(address, {"start": "2026-09-30", "count": "1", "unit": "WD"}).content.decode()
    paused = {"start": "2026-03-02", "count": "10", "unit": "WD", "paused_on": "2026-03-04", "resumed_on": "2026-03-09"}
    assert "2026-03-19" in client.get(address, paused).content.decode()
    later = client.get(address, {"start": "2026-12-30", "count": "9", "unit": "CD"}).content.decode()
    assert "not announced yet" in later
    for wrong in (
        {"start": "x", "count": "1", "unit": "WD"}, {"start": "2026-03-02", "count": "-1", "unit": "WD"},
        {"start": "2026-03-02", "count": "99999", "unit": "WD"}, {"start": "2026-03-02", "count": "1", "unit": "XX"},
        {**paused, "resumed_on": ""}, {**paused, "resumed_on": "2026-03-01"},
    ):  # fmt: skip
        assert client.get(address, wrong).status_code == 422


@pytest.mark.cn
def test_anyone_can_subscribe_to_the_year_as_icalendar(client: Any, db: None) -> None:
    response = client.get(reverse("calendar:ics", args=[2026]))
    assert response["Content-Type"].startswith("text/calendar")
    feed = icalendar.Calendar.from_ical(response.content)
    days = {event["dtstart"].dt: str(event["summary"]) for event in feed.walk("VEVENT")}
    assert len(days) == WorkingDay.objects.filter(day__year=2026).count()
    assert days[day("2026-10-10")].startswith("National Day")


def test_marking_a_day_twice_keeps_one_row_and_both_lines_of_history(editor: Actor) -> None:
    for name in ("one", "two"):
        services.mark_day(
            day=day("2026-11-25"), kind=DayKind.HOLIDAY, name_en=name, name_zh="", source="s", reason="r", by=editor,
            at=clock.now(),
        )  # fmt: skip
    row = WorkingDay.objects.get(day="2026-11-25")
    assert (row.name_en, row.name_zh) == ("two", "two")
    with acting_as(SYSTEM):
        assert len(journal.history("calendar.workingday:2026-11-25")) == 2
