from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.middleware import HAT
from chancery.kernel.procedures import services
from chancery.kernel.procedures.matters.models import Matter, Opinion, Task
from chancery.kernel.procedures.tests.world import NOW, World


def enter(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    with acting_as(SYSTEM):
        client.force_login(Account.objects.get(pk=actor.account_id))
    session = client.session
    session[HAT] = actor.post_id
    session.save()
    return client


def words_of(response: Any) -> str:
    return response.content.decode()


@pytest.mark.parametrize("tab", ["", "read/", "overdue/", "done/", "started/", "watched/"])
def test_every_tab_of_the_inbox_opens(world: World, tab: str) -> None:
    world.open()
    response = enter(world.clerk).get(f"/inbox/{tab}")
    assert response.status_code == 200
    assert ("A notice on statistics" in words_of(response)) is (tab in {"", "started/"})


def test_the_matter_page_asks_the_step_and_shows_the_drawing(world: World) -> None:
    matter = world.open()
    page = words_of(enter(world.clerk).get(f"/matters/{matter.pk}/"))
    assert "Asked of you: Draft" in page
    assert "Send round" in page
    assert 'data-active="draft"' in page
    assert "Now: Draft (Clerk, Clerk_Too, since 2026-11-23)." in page


def test_a_matter_one_may_not_see_answers_404(world: World) -> None:
    matter = world.open()
    client = enter(world.outsider)
    assert client.get(f"/matters/{matter.pk}/").status_code == 404
    assert client.post(f"/matters/{matter.pk}/close/", {"reason": "x"}).status_code == 404
    task = world.task(matter, "draft")
    assert client.post(f"/tasks/{task.pk}/complete/", {"outcome": "SENT"}).status_code == 404
    assert client.post(f"/tasks/{task.pk}/claim/").status_code == 404


def test_pressing_an_outcome_moves_the_matter(world: World) -> None:
    matter = world.open()
    task = world.task(matter, "draft")
    response = enter(world.clerk).post(f"/tasks/{task.pk}/complete/", {"outcome": "SENT", "opinion": "Here it is"})
    assert response.status_code == 302
    assert world.waiting(matter) == ["check", "countersign", "countersign"]
    page = words_of(enter(world.registrar).get(f"/matters/{matter.pk}/"))
    assert "Here it is" in page


def test_a_stale_form_says_so_and_keeps_the_text(world: World) -> None:
    matter = world.open()
    task = world.task(matter, "draft")
    services.claim(task_id=task.pk, by=world.clerk, at=NOW)
    response = enter(world.clerk).post(
        f"/tasks/{task.pk}/complete/", {"outcome": "SENT", "opinion": "Half a page of text", "seen": task.version}
    )
    assert response.status_code == 409
    assert "changed since you opened the page" in words_of(response)
    assert "Half a page of text</textarea>" in words_of(response)
    assert world.waiting(matter) == ["draft"]


def test_a_refused_outcome_explains_and_keeps_the_text(world: World) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    task = world.task(matter, "countersign", unit="AS")
    response = enter(world.as_deputy).post(f"/tasks/{task.pk}/complete/", {"outcome": "OBJECT", "opinion": ""})
    assert response.status_code == 422
    assert "needs a written opinion" in words_of(response)


def test_every_verb_of_the_page_works(world: World) -> None:
    matter = world.open()
    clerk = enter(world.clerk)
    task = world.task(matter, "draft")
    for verb, data in (
        ("claim", {}),
        ("release", {}),
        ("extend", {"days": 2, "reason": "x"}),
        ("delegate", {"post_id": world.posts["clerk_too"], "reason": "x"}),
    ):
        response = clerk.post(f"/tasks/{task.pk}/{verb}/", data)
        assert response.status_code in {302, 422}, verb
    world.do(matter, "draft", "SENT", world.clerk_too)
    for verb, data in (
        ("urge", {"note": "please"}),
        ("circulate", {"post_ids": [world.posts["reader"]], "note": ""}),
        ("watch", {"on": "1"}),
        ("pause", {"reason": "x"}),
        ("resume", {}),
        ("close", {"reason": "x"}),
        ("reopen", {"reason": "x"}),
    ):
        response = clerk.post(f"/matters/{matter.pk}/{verb}/", data)
        assert response.status_code == 302, (verb, words_of(response)[-3000:])
        assert clerk.get(f"/matters/{matter.pk}/").status_code == 200
    assert clerk.post(f"/matters/{matter.pk}/explode/").status_code == 404
    assert clerk.post(f"/matters/{matter.pk}/close/", {"reason": ""}).status_code == 422
    check = world.task(matter, "check")
    registrar = enter(world.registrar)
    assert registrar.post(f"/tasks/{check.pk}/return/", {"step": "draft", "reason": "x"}).status_code == 302
    assert world.waiting(matter) == ["draft"]


def test_a_click_too_many_acts_once(world: World) -> None:
    matter = world.open()
    task = world.task(matter, "draft")
    client = enter(world.clerk)
    form = {"outcome": "SENT", "opinion": "Once", "act_token": "5f0c2f1e-0000-4000-8000-000000000001"}
    assert [client.post(f"/tasks/{task.pk}/complete/", form).status_code for _ in range(2)] == [302, 302]
    with acting_as(SYSTEM):
        assert Opinion.objects.filter(matter=matter).count() == 1


def test_many_rows_are_marked_at_once(world: World) -> None:
    tasks = [world.task(world.open(), "draft") for _ in range(3)]
    response = enter(world.clerk).post("/inbox/act/claim/", {"pick": [task.pk for task in tasks]})
    assert response.status_code == 302
    with acting_as(SYSTEM):
        assert Task.objects.filter(state="CLAIMED").count() == 3


def test_the_inbox_does_not_grow(world: World, django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = enter(world.clerk)
    counted = []
    for more in (1, 29):
        for _ in range(more):
            world.open()
        client.get("/inbox/")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get("/inbox/")
        counted.append(
            len([q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"] and "'app.kind', ''" not in q["sql"]])
        )
    assert counted[0] == counted[1], counted
    assert counted[1] <= 8, "\n".join(q["sql"][:300] for q in seen.captured_queries)


def test_a_procedure_shows_its_drawing_and_its_figures(world: World) -> None:
    matter = world.open()
    world.signed(matter)
    client = enter(world.clerk)
    assert "Everything" in words_of(client.get("/procedures/"))
    page = words_of(client.get("/procedures/everything/"))
    assert "Median days" in page
    assert client.get("/procedures/nothing/").status_code == 404
    with acting_as(SYSTEM):
        digest = Matter.objects.select_related("definition").get(pk=matter.pk).definition.hash
    drawing = client.get(f"/procedures/everything/{digest[:16]}.bpmn")
    assert drawing["Content-Type"] == "application/xml"
    assert b'name="Draft"' in drawing.content and "拟稿".encode() not in drawing.content


def test_the_outbox_is_for_administrators(world: World) -> None:
    assert enter(world.clerk).get("/outbox/").status_code == 403
