"""What a code leads to. Right, wrong, foreign or malformed: the same question is asked of the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from chancery.foundations import clock, vault
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.publishing.receipts import rules
from chancery.kernel.publishing.receipts.models import WrongTry
from chancery.kernel.publishing.receipts.terms import TOTAL, WINDOW_SECONDS

#: Hashed in place of what cannot be a code: no code is this long.
_NONE = "-" * 64


def mac_of(code: str) -> bytes:
    """The hash under which a code is kept, as it was typed."""
    return bytes(vault.blind_index(rules.read_code(code) or _NONE, purpose="receipt"))


def token_mac_of(token: str) -> bytes:
    """The hash under which the token of a form is kept."""
    return bytes(vault.blind_index(token or _NONE, purpose="receipt-token"))


def seed_of(token: str) -> bytes:
    """What the code of a form's token is made from: the same form gets the same code; nobody else can work it out."""
    return bytes(vault.blind_index(token, purpose="receipt-code"))


def subject_of(code: str) -> str:
    """What a code was issued for ("label.model:pk"), or ""."""
    return _ask("select publishing_receipt_subject(%s)", [mac_of(code)])


def code_of_form(token: str, at: dt.datetime) -> str:
    """The code that was issued for a form sent before, while it may still be shown to whoever sends the form again."""
    minutes = int(rulebook.number("publishing.receipt.again_minutes", on=clock.date_of(at)))
    since = at - dt.timedelta(minutes=minutes)
    issued = _ask("select publishing_receipt_of_form(%s, %s)", [token_mac_of(token), since])
    return rules.made_code(seed_of(token)) if token and issued else ""


def was_sent(token: str) -> bool:
    """Whether a form with this token was received, however long ago."""
    long_ago = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    return bool(token and _ask("select publishing_receipt_of_form(%s, %s)", [token_mac_of(token), long_ago]))


def must_wait(place: str, at: dt.datetime) -> int:
    """For how many seconds a place may not enter another code; 0 when it may."""
    row = WrongTry.objects.filter(place=place, until__gt=at).values_list("until", flat=True).first()
    return 0 if row is None else max(1, round((row - at).total_seconds()))


def wrong_tries(at: dt.datetime) -> int:
    """How many wrong codes were entered from everywhere within the hour."""
    since = at - dt.timedelta(seconds=WINDOW_SECONDS)
    found = WrongTry.objects.filter(place=TOTAL, since__gt=since).values_list("count", flat=True).first()
    return int(found or 0)


def alarm_is_on(at: dt.datetime) -> bool:
    """Whether so many codes are being guessed that everybody pays for a try (proof of work)."""
    return wrong_tries(at) >= int(rulebook.number("publishing.receipt.alarm_tries", on=clock.date_of(at)))


def _ask(question: str, values: list[Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        row = cursor.fetchone()
    return str(row[0]) if row and row[0] else ""
