"""Proof of work: who sends a form to a public door first does a small computation, which costs one person nothing and a
flood a great deal. No third party, no account, nothing to solve by eye.

    figures = Figures(form="petitions.send", bits=15, …)          # provisions of the function whose door it is
    {"proof": proof.challenge(request, figures, at=at)}  # in the form: {% include "web/components/proof.html" %}
    proof.check(request, figures, at=at).demand()                 # once; another answer is needed for the next sending

The challenge is signed and holds all that is to know (which form, how hard, since when): nothing is stored until it is
answered; then its number is kept until it runs out, so that it is used once. It gets harder with every few sendings
from one place. Who has no JavaScript takes the slow lane: the same challenge, unanswered, after a published waiting
time and at a lower rate; past that rate an image puzzle is asked as well (`proof_image`), with a question in
words beside it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.foundations.web import proof_image, rate_limit, services
from chancery.foundations.web.door import actor_of

HOUR = 3600
PARTS = 8  # a computation in eight equal parts takes nearly the same time for everyone, and can tell how far it is
_PART_BITS = 3
SALT = "chancery.proof"
_LONGEST_ANSWER = 200
SLACK_BITS = 1  # a place that has sent once more since the challenge was made is not refused for that


class Forged(Refused):
    """The challenge was not made here, or was changed."""


class OtherForm(Refused):
    """The challenge belongs to another form."""


class Expired(Refused):
    """The challenge has run out."""


class TooEasy(Refused):
    """The answer does not show enough work."""


class Reused(Refused):
    """The challenge was answered and used before."""


class TooSoon(Refused):
    """The waiting time of the slow lane is not over."""


class PuzzleNeeded(Refused):
    """The slow lane asks for the image puzzle now, or its answer is wrong."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a door asks. Each is a published provision of the function."""

    form: str
    bits: int  # of work for the first sendings from a place
    most_bits: int
    harder_every: int  # so many sendings from a place within the hour double the work
    valid_minutes: int
    slow_seconds: int  # how long the slow lane waits
    slow_an_hour: int  # how often from one place before the puzzle is asked as well


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the component prints."""

    token: str
    nonce: str
    parts: int
    bits: int  # of each part
    wait: int  # seconds, in the slow lane
    ready_at: dt.datetime
    puzzle: proof_image.Puzzle | None = None


def bits_now(request: HttpRequest, figures: Figures) -> int:
    """How much work a place has to do now."""
    sent = rate_limit.counted(f"proof:{figures.form}", rate_limit.place_of(request), HOUR)
    return min(figures.most_bits, figures.bits + sent // figures.harder_every)


def challenge(request: HttpRequest, figures: Figures, *, at: dt.datetime) -> Challenge:
    """A new challenge for a form, with the puzzle when the place has used up its slow sendings."""
    nonce, bits = secrets.token_urlsafe(16), bits_now(request, figures)
    told = {"f": figures.form, "b": bits, "n": nonce, "t": int(at.timestamp()), "w": figures.slow_seconds}
    return Challenge(
        token=signing.dumps(told, salt=SALT),
        nonce=nonce,
        parts=PARTS,
        bits=max(1, bits - _PART_BITS),
        wait=figures.slow_seconds,
        ready_at=at + dt.timedelta(seconds=figures.slow_seconds),
        puzzle=proof_image.make(figures.form, at=at) if _puzzle_is_due(request, figures) else None,
    )


def same_challenge(request: HttpRequest, figures: Figures, *, at: dt.datetime) -> Challenge:
    """The challenge a refused form came with, while it still holds and was not used, so that who waited need not wait
    anew; else a new one."""
    told = _read(request.POST.get("proof", ""))
    if told is None or _fault(told, figures, bits_now(request, figures), at) is not None:
        return challenge(request, figures, at=at)
    began = dt.datetime.fromtimestamp(told["t"], dt.UTC)
    ready = began + dt.timedelta(seconds=told["w"])
    return Challenge(
        token=request.POST["proof"],
        nonce=told["n"],
        parts=PARTS,
        bits=max(1, told["b"] - _PART_BITS),
        wait=max(0, int((ready - at).total_seconds())),
        ready_at=ready,
        puzzle=proof_image.make(figures.form, at=at) if _puzzle_is_due(request, figures) else None,
    )


def check(request: HttpRequest, figures: Figures, *, at: dt.datetime) -> Verdict:
    """Whether the form came with an answered challenge, or waited for the slow lane. A yes uses the challenge up."""
    place = rate_limit.place_of(request)
    needed = bits_now(request, figures)
    rate_limit.tally(request, f"proof:{figures.form}", place, HOUR)
    told = _read(request.POST.get("proof", ""))
    if told is None:
        return no(_("The form's task is not one of ours. Here is a new one: send the form again."), refusal=Forged)
    if (fault := _fault(told, figures, needed, at)) is not None:
        return fault
    answer = request.POST.get("proof_answer", "")
    if answer:
        if not solves(told["n"], told["b"], answer):
            return no(_("The computation is not finished. Send the form again."), refusal=TooEasy)
    elif not (verdict := _slow_lane(request, figures, told, place, at)):
        return verdict
    expires = dt.datetime.fromtimestamp(told["t"], dt.UTC) + dt.timedelta(minutes=figures.valid_minutes)
    by = actor_of(request)
    if not services.spend_proof(nonce=told["n"], expires_at=expires, by=by, at=at):
        return no(_("This computation was used already. Here is a new one: send the form again."), refusal=Reused)
    return yes()


def solves(nonce: str, bits: int, answer: str) -> bool:
    """Whether eight counters each give a hash of `<nonce>:<part>:<counter>` that begins with enough zero bits."""
    counters = answer.split(",")
    if len(answer) > _LONGEST_ANSWER or len(counters) != PARTS:
        return False
    if not all(counter.isascii() and counter.isdecimal() for counter in counters):
        return False
    each = max(1, bits - _PART_BITS)
    return all(_zero_bits(f"{nonce}:{part}:{counter}") >= each for part, counter in enumerate(counters))


def _zero_bits(text: str) -> int:
    return 256 - int.from_bytes(hashlib.sha256(text.encode()).digest()).bit_length()


def _read(token: str) -> dict[str, Any] | None:
    """What a challenge says, when it was made here."""
    try:
        told = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return told if isinstance(told, dict) and {"f", "b", "n", "t", "w"} <= told.keys() else None


def _fault(told: dict[str, Any], figures: Figures, needed: int, at: dt.datetime) -> Verdict | None:
    """What is wrong with a challenge itself, whatever its answer."""
    if told["f"] != figures.form:
        return no(_("That task belongs to another form. Here is a new one: send the form again."), refusal=OtherForm)
    if told["t"] + figures.valid_minutes * 60 < at.timestamp():
        return no(_("The page was open for too long. Here is a new task: send the form again."), refusal=Expired)
    if told["b"] < needed - SLACK_BITS:
        return no(
            _("Much was sent from your place meanwhile, so a longer computation is asked. Send the form again."),
            refusal=TooEasy,
        )
    return None


def _slow_lane(request: HttpRequest, figures: Figures, told: dict[str, Any], place: str, at: dt.datetime) -> Verdict:
    left = told["t"] + told["w"] - int(at.timestamp())
    if left > 0:
        return no(
            ngettext(
                "Without JavaScript the form is taken after a short wait. Send it again in %(n)s second.",
                "Without JavaScript the form is taken after a short wait. Send it again in %(n)s seconds.",
                left,
            )
            % {"n": left},
            refusal=TooSoon,
        )
    if _puzzle_is_due(request, figures):
        token, answer = request.POST.get("puzzle", ""), request.POST.get("puzzle_answer", "")
        puzzle = proof_image.read(token, figures.form, at=at)
        if puzzle is None or not proof_image.is_answer(puzzle, answer):
            return no(
                _("Much was sent from your place without a computation. Answer the puzzle as well."),
                field="puzzle_answer",
                refusal=PuzzleNeeded,
            )
        by = actor_of(request)
        if not services.spend_proof(nonce=puzzle.nonce, expires_at=puzzle.expires_at, by=by, at=at):
            return no(_("This puzzle was answered already. Here is a new one."), refusal=Reused)
    rate_limit.tally(request, f"slow:{figures.form}", place, HOUR)
    return yes()


def _puzzle_is_due(request: HttpRequest, figures: Figures) -> bool:
    place = rate_limit.place_of(request)
    return rate_limit.counted(f"slow:{figures.form}", place, HOUR) >= figures.slow_an_hour
