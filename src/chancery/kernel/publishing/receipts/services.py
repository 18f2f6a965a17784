"""Issuing receipts, and counting wrong codes.

Who may is asked by the function that received something, in its own service; `issue_receipt` runs inside it.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.procedures.notices.queries import addresses_of_duty
from chancery.kernel.procedures.notices.services import write_mail
from chancery.kernel.publishing.receipts import queries, rules
from chancery.kernel.publishing.receipts.terms import TOTAL, WINDOW_SECONDS, watchers


@service
def issue_receipt(*, subject: str, token: str = "", by: Actor, at: dt.datetime) -> str:
    """A code for what was received, in groups as it is printed. It is returned here and nowhere again, except that a
    form sent twice (same `token`, made by whoever fills it in) is told its code for a while."""
    rules.may_issue(by, subject).demand()
    code = rules.made_code(queries.seed_of(token) if token else b"")
    values = [queries.mac_of(code), queries.token_mac_of(token) if token else None, subject, at]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into publishing_receipt (mac, token_mac, subject, issued_at) values (%s, %s, %s, %s)", values
            )
    except IntegrityError as error:
        raise rules.AlreadySent(_("This form was sent already; it was not received twice.")) from error
    return code


@service
def note_wrong_try(*, place: str, by: Actor, at: dt.datetime) -> None:
    """Count a wrong code for its place and in total; the place waits, and at the published number an alarm goes out."""
    held = rulebook.held(
        ["publishing.receipt.free_tries", "publishing.receipt.longest_wait", "publishing.receipt.alarm_tries"],
        on=clock.date_of(at),
    )
    free = int(held["publishing.receipt.free_tries"].number)
    most = dt.timedelta(minutes=float(held["publishing.receipt.longest_wait"].number))
    wrong = _count(place, at)
    _wait(place, at + rules.pause_after(wrong, free=free, most=most))
    if _count(TOTAL, at) == int(held["publishing.receipt.alarm_tries"].number):
        _sound_alarm(at)


def _count(place: str, at: dt.datetime) -> int:
    since = at - dt.timedelta(seconds=WINDOW_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into publishing_wrongtry as w (place, since, count, until) values (%(place)s, %(at)s, 1, %(at)s)"
            " on conflict (place) do update set"
            " count = case when w.since > %(since)s then w.count + 1 else 1 end,"
            " since = case when w.since > %(since)s then w.since else excluded.since end returning count",
            {"place": place, "at": at, "since": since},
        )
        counted = int(cursor.fetchone()[0])
        if place == TOTAL and counted == 1:
            cursor.execute("delete from publishing_wrongtry where since < %s", [at - dt.timedelta(days=1)])
    return counted


def _wait(place: str, until: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update publishing_wrongtry set until = %s where place = %s", [until, place])


def _sound_alarm(at: dt.datetime) -> None:
    """A journal entry, and a mail to whoever was named by the functions that issue receipts: numbers alone."""
    sound_alarm(by=SYSTEM, at=at)


@service
def sound_alarm(*, by: Actor, at: dt.datetime) -> None:
    """Tell those whom it concerns that codes are being guessed."""
    count = queries.wrong_tries(at)
    journal.write(by=by, at=at, act="receipt.guessed", on="publishing.receipt:guessing", data={"tries": count})
    people = {one for role, units in watchers() for one in addresses_of_duty(role, units())}
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Receipt codes are being guessed")
        text = _(
            "%(count)s wrong codes were entered within an hour. Whoever enters a code now has to do a computation"
            " first. No code was given away; nothing needs to be done unless it goes on for days."
        ) % {"count": count}
    for email, name in sorted(people):
        write_mail(to_email=email, to_name=name, subject=subject, text=text, by=by, at=at)
