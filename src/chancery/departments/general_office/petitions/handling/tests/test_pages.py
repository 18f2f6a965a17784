"""The pages: steps, acts beside them, what stays typed, who sees nothing, and nothing tells the sender."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from chancery.departments.general_office.petitions.handling.tests.office import (
    WHOLE,
    answered,
    assigned,
    seen,
    step,
    waits,
)
from chancery.departments.general_office.petitions.tests.desk import WORDS
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures.services import load_definitions

pytestmark = pytest.mark.django_db
SUBTLE = ("send_back", "more_time", "aside", "reassign", "take_back", "reopen")


def address(name: str, petition: Any) -> str:
    return reverse(f"general_office:petition_{name}" if name else "general_office:petition", args=[petition.pk])


def matter(petition: Any) -> str:
    return reverse("procedures:matter", args=[seen(petition).matter_id])


def test_the_handler_works_on_the_matter_page(cast: Any, client_as: Any) -> None:
    made = assigned(cast, clock.now())
    client = client_as(cast.handler)
    html = client.get(matter(made)).content.decode()
    assert "Draft the opinion" in html and "Mediate" in html and "Ask for more time" not in html
    assert not any(word in html.lower() for word in WORDS)
    task = waits(made)
    assert task is not None
    client.post(reverse("procedures:complete", args=[task.pk]), {"outcome": "OPINION", "seen": task.version})
    task = waits(made)
    assert task is not None and task.step == "opine"
    told = {**WHOLE, "facts": "", "outcome": "SUBMIT"}
    refused = client.post(reverse("procedures:complete", args=[task.pk]), told)
    html = refused.content.decode()
    assert refused.status_code == 422 and WHOLE["view"] in html and "Facts found" in html


def test_the_page_of_the_petition_shows_what_was_done_and_what_may_be(cast: Any, client_as: Any) -> None:
    made = assigned(cast, clock.now())
    html = client_as(cast.handler).get(address("", made)).content.decode()
    for name in ("send_back", "more_time", "aside"):
        assert address(name, made) in html
    assert "Assignments" in html and address("reassign", made) not in html
    html = client_as(cast.petition_officer).get(address("", made)).content.decode()
    assert address("reassign", made) in html and address("send_back", made) not in html


def test_acts_beside_the_steps_keep_what_was_typed(cast: Any, client_as: Any) -> None:
    made = assigned(cast, clock.now())
    client = client_as(cast.handler)
    refused = client.post(address("more_time", made), {"days": 99, "reason": "情况复杂。"})
    assert refused.status_code == 422 and "情况复杂。" in refused.content.decode()
    assert client.post(address("more_time", made), {"days": 5, "reason": "情况复杂。"}).status_code == 302
    assert client.post(address("send_back", made), {"reason": "非本部门职责。"}).status_code == 302
    assert client.get(address("", made)).status_code == 404


def test_who_steps_aside_lands_on_the_hub_and_sees_nothing(cast: Any, client_as: Any) -> None:
    made = assigned(cast, clock.now())
    client = client_as(cast.handler)
    answer = client.post(address("aside", made), {"ground": "RELATIVE", "reason": "系亲属。"})
    assert answer.status_code == 302 and answer["Location"] == reverse("general_office:petitions")
    assert client.get(answer["Location"]).status_code == 200
    for name in ("", *SUBTLE[:3]):
        assert client.get(address(name, made)).status_code == 404


@pytest.mark.parametrize("name", SUBTLE)
def test_who_has_no_part_in_it_finds_no_page(cast: Any, client_as: Any, name: str) -> None:
    made = assigned(cast, clock.now())
    assert client_as(cast.outsider).get(address(name, made)).status_code == 403
    assert client_as(cast.co_handler).get(address(name, made)).status_code in (403, 404)


def test_the_opinion_stands_whole_on_the_page_and_tells_no_sender(cast: Any, client_as: Any) -> None:
    made = answered(cast, clock.now())
    html = client_as(cast.petition_officer).get(address("", made)).content.decode()
    assert all(text in html for text in WHOLE.values())
    assert not any(word in html.lower() for word in WORDS)


def test_the_hub_counts_what_stands_and_what_is_asked(cast: Any, client_as: Any) -> None:
    made = assigned(cast, clock.now())
    step(made, cast.handler, "HEAR", clock.now())
    html = client_as(cast.petition_officer).get(reverse("general_office:petitions")).content.decode()
    assert "Clock stopped" in html


def test_the_drawings_are_shown(cast: Any, client_as: Any) -> None:
    with acting_as(SYSTEM):
        load_definitions(by=SYSTEM, at=clock.now())
    client = client_as(cast.petition_officer)
    for code in ("petition_appeal", "petition_accusation", "petition_suggestion", "petition_again",
                 "petition_more_time", "petition_review", "petition_rereview"):  # fmt: skip
        assert client.get(reverse("procedures:procedure", args=[code])).status_code == 200
