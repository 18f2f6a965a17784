"""Issuing and voiding numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.records.numbers import rules
from chancery.kernel.records.numbers.models import IssuedNumber
from chancery.kernel.records.numbers.terms import NumberState


@service
def issue_number(
    *,
    series: str,
    year: int,
    pattern: str = "",
    guard_id: int | None = None,
    subject: str = "",
    by: Actor,
    at: dt.datetime,
) -> IssuedNumber:
    """The next number of a series and year, in the caller's transaction: rolled back with it, so there is no gap.

    Others who ask for the same series wait until the caller commits; issue the number late in the transaction.
    `pattern`: that of a series which a function keeps itself; else the provision `number.<series>` holds.
    """
    form = rules.form_of(pattern or rulebook.text(f"number.{series}", on=clock.date_of(at)), year)
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, value, number_text from records_issue_number(%s, %s, %s, %s, %s, %s, %s, %s)",
            [series, year, form.before, form.width, form.after, subject, guard_id, at],
        )
        number_id, value, text = cursor.fetchone()
    return IssuedNumber(
        pk=number_id,
        series=series,
        year=year,
        value=value,
        text=text,
        subject=subject,
        guard_id=guard_id,
        issued_at=at,
        issued_person_id=by.person_id,
        issued_post_id=by.post_id,
    )


@service
def issue_numbers(
    *,
    series: str,
    year: int,
    form: rules.NumberForm,
    subjects: Sequence[str],
    guard_ids: Sequence[int | None],
    by: Actor,
    at: dt.datetime,
) -> list[tuple[int, int, str]]:
    """The next numbers of a series and year, one for each subject in their order, in one statement: (id, value, text).

    As with `issue_number`, others wait until the caller commits, and a rollback leaves no gap.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, value, number_text from records_issue_numbers(%s, %s, %s, %s, %s, %s, %s::bigint[], %s)"
            " order by value",
            [series, year, form.before, form.width, form.after, list(subjects), list(guard_ids), at],
        )
        return [(row[0], row[1], row[2]) for row in cursor.fetchall()]


@service
def void_number(*, number_id: int, reason: str, by: Actor, at: dt.datetime) -> IssuedNumber:
    """Give up a number. It stays in the register with its reason and is not given out again."""
    number = IssuedNumber.objects.select_for_update(of=("self",)).filter(pk=number_id).first()
    if number is None:
        raise Refused(_("There is no such number."))
    rules.may_void(by, number).demand()
    rules.gives_a_reason(reason).demand()
    number.state, number.voided_at, number.void_reason = NumberState.VOID, at, reason.strip()
    number.save(update_fields=["state", "voided_at", "void_reason"])
    journal.write(
        by=by, at=at, act="number.voided", on=number, data={"number": number.text, "reason": number.void_reason}
    )
    return number
