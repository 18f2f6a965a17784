"""The computation before a public form: what it takes, what it refuses, the slow lane and its puzzle."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.core import signing
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.foundations.actor import PUBLIC
from chancery.foundations.web import proof, proof_image, rate_limit

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
FIGURES = proof.Figures(
    form="letters.send",
    bits=6,
    most_bits=9,
    harder_every=3,
    valid_minutes=30,
    slow_seconds=60,
    slow_an_hour=2,
)
OTHER = proof.Figures("other.form", 6, 9, 3, 30, 60, 2)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """All within one window of counting."""
    monkeypatch.setattr("time.time", lambda: 1_790_000_000.0)


def asks(address: str = "192.0.2.7", **posted: str) -> Any:
    request = RequestFactory().post("/send/", posted, REMOTE_ADDR=address)
    request.actor = PUBLIC  # type: ignore[attr-defined]  # set by ActorMiddleware
    return request


def solved(nonce: str, bits: int) -> str:
    found = []
    for part in range(proof.PARTS):
        counter = 0
        while proof._zero_bits(f"{nonce}:{part}:{counter}") < bits:
            counter += 1
        found.append(str(counter))
    return ",".join(found)


def answered(address: str = "192.0.2.7", figures: proof.Figures = FIGURES) -> dict[str, str]:
    made = proof.challenge(asks(address), figures, at=AT)
    return {"proof": made.token, "proof_answer": solved(made.nonce, made.bits)}


def verdict(posted: dict[str, str], *, at: dt.datetime = AT, figures: proof.Figures = FIGURES, address="192.0.2.7"):
    return proof.check(asks(address, **posted), figures, at=at)


def test_an_answered_challenge_is_taken_once() -> None:
    posted = answered()
    assert verdict(posted)
    again = verdict(posted)
    assert (bool(again), again.refusal) == (False, proof.Reused)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "eyJmIjoibGV0dGVycy5zZW5kIn0:1:abc",
        pytest.param(signing.dumps({"f": "letters.send"}), id="signed"),  # holds the time: no name for a test
    ],
)
def test_a_forged_challenge_is_none(token: str) -> None:
    assert verdict({**answered(), "proof": token}).refusal is proof.Forged


def test_a_changed_challenge_is_forged() -> None:
    posted = answered()
    head, rest = posted["proof"][:10], posted["proof"][10:]
    assert verdict({**posted, "proof": head + ("A" if rest[0] != "A" else "B") + rest[1:]}).refusal is proof.Forged


def test_the_challenge_of_another_form_is_refused() -> None:
    assert verdict(answered(figures=OTHER)).refusal is proof.OtherForm


def test_a_challenge_runs_out() -> None:
    posted = answered()
    assert verdict(posted, at=AT + dt.timedelta(minutes=31)).refusal is proof.Expired
    assert verdict(posted, at=AT + dt.timedelta(minutes=29))


@pytest.mark.parametrize("answer", ["1,2,3", "1,2,3,4,5,6,7,x", "-1,2,3,4,5,6,7,8", "1," * 4000, "①,2,3,4,5,6,7,8"])
def test_what_is_no_answer_is_too_easy(answer: str) -> None:
    assert verdict({**answered(), "proof_answer": answer}).refusal is proof.TooEasy


@settings(max_examples=60)
@given(st.lists(st.integers(0, 10**6), min_size=8, max_size=8), st.integers(4, 12))
def test_an_answer_is_judged_by_the_zero_bits_of_plain_sha256(counters: list[int], bits: int) -> None:
    def shows(part: int, counter: int) -> bool:
        digest = hashlib.sha256(f"nonce:{part}:{counter}".encode()).digest()
        return bin(int.from_bytes(digest))[2:].zfill(256).startswith("0" * max(1, bits - 3))

    expected = all(shows(part, counter) for part, counter in enumerate(counters))
    assert proof.solves("nonce", bits, ",".join(map(str, counters))) is expected


def test_it_gets_harder_for_a_place_that_sends_much_and_for_no_other() -> None:
    first = proof.challenge(asks(), FIGURES, at=AT)
    early = answered()
    for _turn in range(6):
        assert verdict(answered())
    assert proof.challenge(asks(), FIGURES, at=AT).bits == first.bits + 2
    assert proof.challenge(asks("198.51.100.1"), FIGURES, at=AT).bits == first.bits
    hoarded = verdict(early)
    assert (bool(hoarded), hoarded.refusal) == (False, proof.TooEasy)
    for _turn in range(30):
        verdict({})
    assert proof.bits_now(asks(), FIGURES) == FIGURES.most_bits


def test_addresses_of_one_ipv6_network_are_one_place() -> None:
    places = {rate_limit.place_of(asks(address)) for address in ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1")}
    assert places == {"2001:db8::", "2001:db8:0:1::"}
    assert rate_limit.place_of(asks("192.0.2.7")) == "192.0.2.7"


# --- The slow lane ---------------------------------------------------------------------------------------------------
def waited(address: str = "192.0.2.7") -> dict[str, str]:
    return {"proof": proof.challenge(asks(address), FIGURES, at=AT).token}


def test_without_an_answer_the_form_is_taken_after_the_wait_and_not_before() -> None:
    posted = waited()
    early = verdict(posted, at=AT + dt.timedelta(seconds=20))
    assert (early.refusal, "40 seconds" in str(early.reason)) == (proof.TooSoon, True)
    assert verdict(posted, at=AT + dt.timedelta(seconds=60))
    assert verdict(posted, at=AT + dt.timedelta(seconds=61)).refusal is proof.Reused


def test_who_sent_too_early_keeps_the_time_already_waited() -> None:
    posted = waited()
    request = asks(**posted)
    kept = proof.same_challenge(request, FIGURES, at=AT + dt.timedelta(seconds=20))
    assert (kept.token, kept.wait) == (posted["proof"], 40)
    renewed = proof.same_challenge(request, FIGURES, at=AT + dt.timedelta(hours=2))
    assert renewed.token != posted["proof"]


def test_past_the_slow_rate_a_puzzle_is_asked_and_before_it_none() -> None:
    later = AT + dt.timedelta(minutes=2)
    for _turn in range(FIGURES.slow_an_hour):
        assert proof.challenge(asks(), FIGURES, at=AT).puzzle is None
        assert verdict(waited(), at=later)
    puzzled = proof.challenge(asks(), FIGURES, at=AT).puzzle
    assert puzzled is not None
    assert puzzled.image.startswith("data:image/png;base64,")
    assert verdict(waited(), at=later).refusal is proof.PuzzleNeeded
    assert verdict({**waited(), "puzzle": puzzled.token, "puzzle_answer": "x"}, at=later).refusal is proof.PuzzleNeeded
    assert proof.challenge(asks("198.51.100.1"), FIGURES, at=AT).puzzle is None
    assert verdict(answered(), at=later), "who computes is asked no puzzle"


def test_either_answer_of_a_puzzle_will_do_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(proof_image, "_drawn", lambda digits: drawn.append(digits) or "data:,")
    monkeypatch.setattr(proof_image, "_question", lambda: ("Two and two?", "4"))
    later = AT + dt.timedelta(minutes=2)
    for _turn in range(FIGURES.slow_an_hour):
        verdict(waited(), at=later)

    def puzzle() -> proof_image.Puzzle:
        made = proof.challenge(asks(), FIGURES, at=AT).puzzle
        assert made is not None
        return made

    made = puzzle()
    digits = drawn[-1]
    assert verdict({**waited(), "puzzle": made.token, "puzzle_answer": f" {digits} "}, at=later)
    used = verdict({**waited(), "puzzle": made.token, "puzzle_answer": digits}, at=later)
    assert used.refusal is proof.Reused
    assert verdict({**waited(), "puzzle": puzzle().token, "puzzle_answer": "４"}, at=later)
    old = puzzle()
    assert verdict(
        {**waited(), "puzzle": old.token, "puzzle_answer": "4"}, at=AT + dt.timedelta(minutes=16)
    ).refusal is (proof.PuzzleNeeded)


def test_the_puzzle_in_the_page_does_not_tell_its_answers(settings: Any) -> None:
    made = proof_image.make("letters.send", at=AT)
    told = signing.loads(made.token, salt=proof_image.SALT)
    guesses = {hashlib.sha256(f"puzzle|{told['n']}|{n}".encode()).hexdigest() for n in range(30)}
    assert not guesses & set(told["a"])
    assert proof_image.read(made.token, "other.form", at=AT) is None
