"""Following a petition by its code, and what its sender does there."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.departments.general_office.petitions import services
from chancery.departments.general_office.petitions.door.tests.visitor import Visitor, text, upload
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import Part, Side, State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.publishing.receipts.rules import made_code
from chancery.kernel.publishing.services import issue_receipt

CASE = "/petitions/follow/case/"


def the_petition() -> Petition:
    with acting_as(SYSTEM):
        return Petition.objects.get()


def office_writes(part: str, words: str) -> None:
    with acting_as(SYSTEM):
        made = services.add_text(
            petition_id=the_petition().pk, part=part, side=Side.OFFICE, text=words, by=SYSTEM, at=clock.now()
        )
        services.tell(text_ids=[made.pk], by=SYSTEM, at=clock.now())


def moved(cast: Any, *states: str) -> None:
    services.register(petition_id=the_petition().pk, title="对评审的申诉", by=cast.petition_registrar, at=clock.now())
    with acting_as(SYSTEM):
        for state in states:
            services.set_state(petition_id=the_petition().pk, state=state, by=SYSTEM, at=clock.now())


def test_the_code_opens_state_words_and_what_comes_next(visitor: Visitor, cast: Any) -> None:
    page = visitor.opens(visitor.code())
    said = text(page)
    assert "Your petition has arrived. Nobody has looked at it yet." in said
    assert f"By {the_petition().due_on.isoformat()} at the latest" in said
    assert "欧阳晓明" not in said
    assert "Nobody has." in said
    assert (page["Cache-Control"], "noindex" in page["X-Robots-Tag"]) == ("no-store", True)


def test_what_the_office_told_is_read_and_what_it_did_not_tell_is_not(visitor: Visitor, cast: Any) -> None:
    code = visitor.code()
    moved(cast)
    office_writes(Part.REPLY, "The matter is being looked into.")
    with acting_as(SYSTEM):
        services.add_text(
            petition_id=the_petition().pk,
            part=Part.NOTE,
            side=Side.OFFICE,
            text="Inner note 4711",
            by=SYSTEM,
            at=clock.now(),
        )
    said = text(visitor.opens(code))
    assert "The matter is being looked into." in said
    assert "Inner note 4711" not in said


def test_a_question_is_answered_with_words_and_files(visitor: Visitor, cast: Any) -> None:
    code = visitor.code()
    moved(cast)
    office_writes(Part.QUESTION, "On which day was it?")
    assert "Answer the question" in text(visitor.opens(code))
    done = visitor.post(f"{CASE}add/", {"text": "On a Monday.", "files": [upload("diary.txt")]})
    assert done["Location"] == CASE
    said = text(visitor.get(CASE))
    assert "On a Monday." in said and "Attachment 1.txt" in said and "diary.txt" not in said
    assert "Answer the question" not in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": ""}, "Write something, or choose a file."),
        ({"text": "机密★20年"}, "state-secret marking"),
        ({"text": "<b>x</b>"}, "plain text"),
        ({"text": "kept words", "files": [("a.exe", b"MZ\x90\x00")]}, "Files of this type"),
    ],
)
def test_what_is_refused_is_said_at_the_field(visitor: Visitor, data: dict[str, Any], said: str) -> None:
    visitor.opens(visitor.code())
    data = {**data, "files": [upload(*file) for file in data.get("files", [])]}
    refused = visitor.post(f"{CASE}add/", data)
    assert (refused.status_code, said in text(refused)) == (422, True)
    assert escape(data["text"]) in refused.content.decode()


def test_the_handling_is_rated_once_after_the_answer(visitor: Visitor, cast: Any) -> None:
    code = visitor.code()
    assert visitor.opens(code) and visitor.post(f"{CASE}rate/", {"rating": "5"}).status_code == 422
    moved(cast, State.ACCEPTED, State.UNDER_WAY, State.ANSWERED)
    assert visitor.post(f"{CASE}rate/", {"rating": "4", "note": "Polite"}).status_code == 302
    assert the_petition().rating == 4
    assert visitor.post(f"{CASE}rate/", {"rating": "1"}).status_code == 422
    assert the_petition().rating == 4


@pytest.mark.parametrize("rating", ["0", "6", "x", ""])
def test_a_rating_is_from_one_to_five(visitor: Visitor, cast: Any, rating: str) -> None:
    code = visitor.code()
    moved(cast, State.ACCEPTED, State.UNDER_WAY, State.ANSWERED)
    visitor.opens(code)
    assert visitor.post(f"{CASE}rate/", {"rating": rating}).status_code == 422
    assert the_petition().rating is None


def test_it_is_withdrawn_while_nothing_is_decided(visitor: Visitor, cast: Any) -> None:
    visitor.opens(visitor.code())
    assert visitor.post(f"{CASE}withdraw/", {"reason": ""}).status_code == 422
    assert visitor.post(f"{CASE}withdraw/", {"reason": "Settled.", "sure": "on"}).status_code == 302
    assert the_petition().state == State.WITHDRAWN
    said = text(visitor.get(CASE))
    assert "You have withdrawn your petition." in said
    assert visitor.post(f"{CASE}add/", {"text": "more"}).status_code == 422
    assert visitor.post(f"{CASE}withdraw/", {"sure": "on"}).status_code == 422


def test_review_is_not_asked_for_before_there_is_an_answer(visitor: Visitor) -> None:
    page = visitor.opens(visitor.code())
    assert "Ask for review" not in text(page)
    assert visitor.post(f"{CASE}review/", {"text": "look again"}).status_code == 422


# --- Codes -----------------------------------------------------------------------------------------------------------
def bare(page: Any) -> str:
    """A page without the guard of its form, which is new each time."""
    said = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
    return re.sub(r"&quot;X-CSRFToken&quot;: &quot;[^&]+&quot;|\"X-CSRFToken\": \"[^\"]+\"", "", said)


def test_wrong_malformed_and_foreign_codes_get_one_answer(visitor: Visitor, cast: Any) -> None:
    foreign = issue_receipt(subject="general_office.incomingdocument:1", by=SYSTEM, at=clock.now())
    visitor.post("/petitions/follow/", {"code": made_code()})  # the first of an hour sweeps old counts
    typed = [made_code(), foreign, "7K3M", "", "x" * 99, "' or 1=1 --", "<script>", made_code()[:-1] + "0"]
    seen = set()
    for turn, code in enumerate(typed):
        one = Visitor(f"198.51.100.{turn}")
        one.get("/petitions/follow/")
        with CaptureQueriesContext(connection) as asked:
            page = one.post("/petitions/follow/", {"code": code})
        seen.add((page.status_code, bare(page), len(asked), tuple(sorted(page.headers))))
    assert len(seen) == 1, [entry[:1] + entry[2:] for entry in seen]


def test_who_guesses_waits_longer_each_time_and_a_right_code_waits_too(visitor: Visitor) -> None:
    code = visitor.code()
    for _turn in range(5):
        assert visitor.post("/petitions/follow/", {"code": made_code()}).status_code == 422
    held = visitor.post("/petitions/follow/", {"code": code})
    assert (held.status_code, int(held["Retry-After"]) >= 1) == (429, True)
    assert Visitor("203.0.113.5").opens(code).status_code == 200


def test_while_codes_are_guessed_everywhere_a_try_takes_a_computation(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = visitor.code()
    monkeypatch.setattr("chancery.kernel.publishing.queries.alarm_is_on", lambda at: True)
    page = visitor.get("/petitions/follow/")
    assert visitor.post("/petitions/follow/", {"code": code}).status_code == 422
    entered = visitor.post("/petitions/follow/", {"code": code, **visitor.answered(page)})
    assert entered.status_code == 302


# --- The window ------------------------------------------------------------------------------------------------------
def test_the_page_is_closed_on_leaving_and_when_it_lies_idle(visitor: Visitor) -> None:
    import datetime as dt

    code = visitor.code()
    assert visitor.opens(code).status_code == 200
    assert code not in visitor.opens(code).request["PATH_INFO"]
    visitor.post("/petitions/follow/leave/", {})
    assert visitor.get(CASE)["Location"] == "/petitions/follow/"
    visitor.opens(code)
    visitor.get("/petitions/")
    assert visitor.get(CASE).status_code == 302
    visitor.opens(code)
    with clock.fixed_at(clock.now() + dt.timedelta(minutes=16)):
        assert visitor.get(CASE).status_code == 302
    assert visitor.post(f"{CASE}add/", {"text": "x"}).status_code == 302


def test_nobody_opens_a_petition_without_its_code(visitor: Visitor) -> None:
    visitor.code()
    other = Visitor("203.0.113.5")
    assert other.get(CASE)["Location"] == "/petitions/follow/"
    for act in ("add", "rate", "review", "withdraw"):
        assert (
            other.post(f"{CASE}{act}/", {"text": "x", "rating": "5", "sure": "on"})["Location"] == "/petitions/follow/"
        )
    assert the_petition().state == State.RECEIVED


def test_openings_of_the_name_are_told(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    from chancery.departments.general_office.petitions.custody import queries as custody

    monkeypatch.setattr(
        custody,
        "told_openings",
        lambda pk: [{"at": clock.now(), "until": clock.now(), "purpose": "Writing to the sender"}],
    )
    assert "for: Writing to the sender" in text(visitor.opens(visitor.code()))
