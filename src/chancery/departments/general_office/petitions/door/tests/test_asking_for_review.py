"""Behind the code: who does not agree with the answer asks for review, and after it for re-review, in their days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.door.tests.visitor import Visitor, text
from chancery.departments.general_office.petitions.handling.tests.office import AT, WHOLE, later, stage_of, step, waits
from chancery.departments.general_office.petitions.models import Petition, PetitionStage, PetitionText
from chancery.departments.general_office.petitions.terms import State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

CASE = "/petitions/follow/case/"
WORDS = "计分错误没有更正，请求复查。"


def the_petition() -> Petition:
    with acting_as(SYSTEM):
        return Petition.objects.get()


def stages() -> list[str]:
    with acting_as(SYSTEM):
        return list(PetitionStage.objects.order_by("id").values_list("stage", flat=True))


def answered(cast: Any, visitor: Visitor) -> str:
    """Sent through the door, answered by the office; the code."""
    with clock.fixed_at(AT):
        code = visitor.code()
        made = petitions.register(
            petition_id=the_petition().pk, title="对评审的申诉", by=cast.petition_registrar, at=AT
        )
    step(made, cast.petition_officer, "ACCEPT")
    step(made, cast.petition_officer, "TOLD", text="您的信访事项已受理。")
    unit = cast.units["PF"]
    step(made, cast.petition_officer, "ASSIGN", unit=unit, post=None, handler_unit=unit, handler_post=None)
    step(made, cast.handler, "OPINION")
    step(made, cast.handler, "SUBMIT", **WHOLE, outcome="PARTLY")
    step(made, cast.office_head, "APPROVE")
    return code


def asked(visitor: Visitor, code: str, at: dt.datetime, words: str = WORDS) -> Any:
    """Open the page with the code and ask."""
    with clock.fixed_at(at):
        assert visitor.opens(code).status_code == 200
        return visitor.post(f"{CASE}review/", {"text": words})


def test_answered_the_sender_asks_and_review_begins_with_its_clock(cast: Any, visitor: Visitor) -> None:
    code = answered(cast, visitor)
    with clock.fixed_at(later(3)):
        offered = text(visitor.opens(code))
    assert "Ask for review" in offered and "you may ask until 2026-04-01" in offered
    done = asked(visitor, code, later(5))
    assert (done.status_code, done["Location"]) == (302, CASE)
    with clock.fixed_at(later(5)):
        said = text(visitor.get(CASE))
    assert "Your request for review has arrived." in said and "Stage Review" in said
    assert "Ask for review" not in said
    made = the_petition()
    assert (made.state, stages()) == (State.UNDER_WAY, ["FIRST", "REVIEW"])
    waiting = waits(made)
    assert waiting is not None
    assert (waiting.role, waiting.due_on) == ("petition_reviewer", stage_of(made).due_on)
    with acting_as(SYSTEM):
        assert PetitionText.objects.filter(part="REVIEW_REQUEST", side="PETITIONER").count() == 1


def test_after_review_re_review_is_asked_for_and_after_it_nothing(cast: Any, visitor: Visitor) -> None:
    code = answered(cast, visitor)
    asked(visitor, code, later(5))
    made = the_petition()
    step(made, cast.petition_reviewer, "OPINION", later(6))
    step(made, cast.petition_reviewer, "UPHOLD", later(20), **WHOLE)
    assert asked(visitor, code, later(25)).status_code == 302
    assert stages() == ["FIRST", "REVIEW", "RE_REVIEW"]
    step(made, cast.petition_rereviewer, "OPINION", later(26))
    step(made, cast.petition_rereviewer, "UPHOLD", later(30), **WHOLE)
    refused = asked(visitor, code, later(31))
    assert (refused.status_code, "closed for good after re-review" in text(refused)) == (422, True)
    assert stages() == ["FIRST", "REVIEW", "RE_REVIEW"]


@pytest.mark.parametrize("closed", [False, True])
def test_after_thirty_days_it_is_refused_with_the_last_day_and_the_words_stay(
    cast: Any, visitor: Visitor, closed: bool
) -> None:
    from chancery.departments.general_office.petitions.second import services

    code = answered(cast, visitor)
    if closed:
        with acting_as(SYSTEM):
            services.close_answered(by=SYSTEM, at=later(31))
    with clock.fixed_at(later(31)):
        assert "Ask for review" not in text(visitor.opens(code))
    refused = asked(visitor, code, later(31))
    said = text(refused)
    assert (refused.status_code, "Review could be asked for until 2026-04-01." in said, WORDS in said) == (
        422,
        True,
        True,
    )
    assert stages() == ["FIRST"]


def test_on_the_last_day_it_is_taken(cast: Any, visitor: Visitor) -> None:
    code = answered(cast, visitor)
    assert asked(visitor, code, later(30)).status_code == 302
    assert stages() == ["FIRST", "REVIEW"]


@pytest.mark.parametrize(
    ("words", "said"),
    [("", "This field is required"), ("<b>x</b>", "plain text"), ("机密★20年", "state-secret marking")],
)
def test_review_is_asked_for_in_plain_words(cast: Any, visitor: Visitor, words: str, said: str) -> None:
    code = answered(cast, visitor)
    refused = asked(visitor, code, later(5), words)
    assert (refused.status_code, said in text(refused), stages()) == (422, True, ["FIRST"])


def test_pressed_twice_it_is_one_review(cast: Any, visitor: Visitor) -> None:
    code = answered(cast, visitor)
    asked(visitor, code, later(5))
    with clock.fixed_at(later(5)):
        assert visitor.post(f"{CASE}review/", {"text": WORDS}).status_code == 422
    assert stages() == ["FIRST", "REVIEW"]
