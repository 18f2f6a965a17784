"""Saved searches: one's own; told once of each new thing one may see, and of nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.services import add_reader, open_guard
from chancery.kernel.directory import services as directory
from chancery.kernel.directory.models import Holding
from chancery.kernel.procedures.notices.models import Mail
from chancery.kernel.procedures.notices.services import send_mails
from chancery.kernel.records.search.saved import queries, services
from chancery.kernel.records.search.saved.models import SavedSearch
from chancery.kernel.records.services import index_item

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(minutes=10)
TOMORROW = AT + dt.timedelta(days=1)


def put(by: Actor, unit_id: int, key: int, *, label: int = 10, guard_id: int | None = None) -> int:
    guard_id = guard_id or open_guard(unit_id=unit_id, label=label, by=by, at=AT).pk
    index_item(guard_id=guard_id, kind="thing", subject=f"test.thing:{key}", dated=AT.date(),
               title_zh=f"预算 {key}", title_en=f"Budget {key}", by=by, at=AT)  # fmt: skip
    return guard_id


def save(by: Actor, notify: str = "AT_ONCE", **more: Any) -> SavedSearch:
    facts = {"name": "Budgets", "q": "预算", "asked": {}, **more}
    return services.save_search(**facts, notify=notify, by=by, at=AT)


def run(at: dt.datetime = LATER, *, once_a_day: bool = True) -> int:
    return services.tell_of_new(once_a_day=once_a_day, by=SYSTEM, at=at)


def fresh(saved: SavedSearch, by: Actor) -> list[str]:
    with acting_as(by), transaction.atomic():
        return [row.subject for row in queries.fresh_finds(SavedSearch.objects.get(pk=saved.pk))]


def mails() -> list[str]:
    with acting_as(SYSTEM):
        return [one.subject + one.text for one in Mail.objects.order_by("id")]


def test_what_is_new_is_told_once_and_what_was_there_never(cast) -> None:
    put(cast.handler, cast.units["AS"], 1)
    saved = save(cast.handler)
    run()
    assert (fresh(saved, cast.handler), mails()) == ([], [])
    put(cast.handler, cast.units["AS"], 2)
    run(LATER + dt.timedelta(minutes=1))
    run(LATER + dt.timedelta(minutes=2))
    assert fresh(saved, cast.handler) == ["test.thing:2"]
    assert len(mails()) == 1
    assert "1" in mails()[0] and "Budget 2" not in mails()[0] and "预算 2" not in mails()[0]
    send_mails(by=SYSTEM, at=LATER)
    assert mail.outbox[0].to == [cast.accounts["handler"].email]


def test_nobody_is_told_of_what_they_may_not_see_until_they_may(cast) -> None:
    saved = save(cast.handler)
    guard_id = put(cast.drafter, cast.units["PF"], 1, label=20)
    run()
    assert (fresh(saved, cast.handler), mails()) == ([], [])
    with acting_as(cast.drafter), transaction.atomic():
        add_reader(guard_id=guard_id, post_id=cast.handler.post_id, how="copied", by=cast.drafter, at=AT)
    run(LATER + dt.timedelta(minutes=1))
    assert (fresh(saved, cast.handler), len(mails())) == (["test.thing:1"], 1)


def test_a_person_with_two_posts_is_told_under_both_and_shown_under_each_only_its_own(cast) -> None:
    saved = save(cast.two_hats)
    put(cast.two_hats_enterprise, cast.units["EC"], 1)
    run()
    assert len(mails()) == 1
    assert fresh(saved, cast.two_hats_enterprise) == ["test.thing:1"]


def test_a_daily_one_waits_for_the_day_and_one_without_notices_for_ever(cast) -> None:
    daily, never = save(cast.handler, "DAILY"), save(cast.handler, "NEVER", name="Quiet")
    put(cast.handler, cast.units["AS"], 1)
    run(once_a_day=False)
    run(LATER)
    assert mails() == []
    run(TOMORROW)
    assert (fresh(daily, cast.handler), fresh(never, cast.handler), len(mails())) == (["test.thing:1"], [], 1)


def test_whoever_has_left_is_told_no_more(cast) -> None:
    saved = save(cast.handler)
    put(cast.drafter, cast.units["PF"], 1)
    with acting_as(SYSTEM):
        holding = Holding.objects.get(person_id=cast.handler.person_id)
        directory.end_holding(holding_id=holding.pk, on=AT.date(), by=SYSTEM, at=AT)
    put(cast.drafter, cast.units["PF"], 2)
    run(TOMORROW)
    assert mails() == []
    with acting_as(SYSTEM):
        assert SavedSearch.objects.get(pk=saved.pk).fresh == []


def test_the_filters_hold_for_notices_too(cast) -> None:
    saved = save(cast.handler, asked={"unit": cast.units["GO"], "kind": "thing"})
    put(cast.handler, cast.units["AS"], 1)
    run()
    assert fresh(saved, cast.handler) == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"q": "  "}, "q"),
        ({"q": "!!"}, "q"),
        ({"name": " "}, "name"),
        ({"q": "机密★20年 预算"}, "q"),
        ({"name": "机密★20年"}, "name"),
        ({"name": "Taken"}, "name"),
    ],
)
def test_what_is_refused_says_where(cast, more: dict[str, Any], field: str) -> None:
    save(cast.handler, name="Taken")
    with pytest.raises(Refused) as refusal:
        save(cast.handler, **more)
    assert refusal.value.field == field


def test_no_more_than_the_rulebook_says(cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.rulebook, "number", lambda key, on: 2)
    for n in range(2):
        save(cast.handler, name=str(n))
    with pytest.raises(Refused) as refusal:
        save(cast.handler, name="3")
    assert refusal.value.field == "name"
    save(cast.drafter, name="another's are another's")


def test_a_question_that_finds_too_much_has_no_notices(cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chancery.kernel.records.search.queries.CANDIDATES", 2)
    for key in range(3):
        put(cast.handler, cast.units["AS"], key)
    with pytest.raises(Refused) as refusal:
        save(cast.handler)
    assert refusal.value.field == "notify"
    save(cast.handler, "NEVER")


def test_another_sees_and_touches_nothing_of_it(cast, client_as) -> None:
    saved = save(cast.handler, name="Orpiment 8812")
    for other in (cast.office_head, cast.administrator, cast.auditor):
        client = client_as(other)
        for name in ("saved_search", "saved_search_seen", "saved_search_stop", "saved_search_drop"):
            address = reverse(f"records:{name}", args=[saved.pk])
            assert client.post(address, {"name": "x", "notify": "NEVER", "version": 1}).status_code == 404
        assert "Orpiment" not in client.get(reverse("records:saved_searches")).content.decode()
        with acting_as(other), transaction.atomic():
            assert SavedSearch.objects.count() == 0


def test_the_pages_save_show_rename_unsubscribe_and_delete(cast, client_as) -> None:
    client = client_as(cast.handler)
    asked = f"?q=预算&kind=unit&unit={cast.units['GO']}"
    page = client.get(reverse("records:save_search") + asked)
    assert "预算" in page.content.decode()
    assert client.post(reverse("records:save_search") + asked, {"name": "", "notify": "DAILY"}).status_code == 200
    made = client.post(reverse("records:save_search") + asked, {"name": "Mine", "notify": "DAILY"})
    address = made["Location"]
    with acting_as(cast.handler), transaction.atomic():
        saved = SavedSearch.objects.get()
    assert saved.asked == {"kind": "unit", "unit": cast.units["GO"]}
    assert "Mine" in client.get(reverse("records:saved_searches")).content.decode()
    changed = {"name": "Ours", "notify": "AT_ONCE", "version": 1}
    assert client.post(address, changed).status_code == 302
    assert client.post(address, {**changed, "name": "Again"}).status_code == 409
    assert "Ours" in client.get(address).content.decode()
    assert client.post(reverse("records:saved_search_stop", args=[saved.pk])).status_code == 302
    with acting_as(cast.handler), transaction.atomic():
        assert SavedSearch.objects.get().notify == "NEVER"
    assert client.post(reverse("records:saved_search_seen", args=[saved.pk])).status_code == 302
    assert client.post(reverse("records:saved_search_drop", args=[saved.pk])).status_code == 302
    assert client.get(address).status_code == 404


def test_the_list_takes_as_many_queries_at_one_as_at_thirty(cast, client_as, django_assert_max_num_queries) -> None:
    for n in range(29):
        save(cast.handler, "NEVER", name=str(n))
    with acting_as(cast.handler), transaction.atomic(), django_assert_max_num_queries(2):
        assert len(queries.mine()) == 29
