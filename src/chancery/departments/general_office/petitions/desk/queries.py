"""What an e-mail says; how a petition came; what waits at the desk."""

from __future__ import annotations

import datetime as dt
import io
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.terms import Line
from chancery.departments.general_office.petitions.desk import rules
from chancery.departments.general_office.petitions.desk.models import PetitionArrival
from chancery.departments.general_office.petitions.desk.terms import LONGEST_NAME, Mail
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import Channel, GivenFile
from chancery.foundations.actor import Actor
from chancery.foundations.papers import Unacceptable
from chancery.foundations.papers import mail as papers
from chancery.kernel.records.files.rules import clean_name

MOST_INSIDE = 50


def read_mail(content: bytes) -> Mail | None:
    """Sender, subject, day, words and attachments of an e-mail, or None when it is none."""
    message = message_from_bytes(content, policy=policy.default)
    if not papers.looks_like_mail(content[:65536]) or not isinstance(message, EmailMessage):
        return None
    inside: list[GivenFile] = []

    def keep(name: str, payload: bytes) -> None:
        if len(inside) < MOST_INSIDE:
            inside.append(GivenFile(clean_name(name), io.BytesIO(payload)))

    try:
        words = papers.read(io.BytesIO(content), nested=keep)
    except Unacceptable:
        return None
    name, address = parseaddr(_header(message, "from"))
    return Mail(
        name=" ".join(name.split())[:LONGEST_NAME],
        address=address.strip()[:LONGEST_NAME],
        subject=" ".join(_header(message, "subject").split())[:200],
        text=_plain(message) or _without_headers(words),
        sent_at=_sent_at(_header(message, "date")),
        files=tuple(inside),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError, LookupError):  # the parser gives up on some malformed headers
        return ""


def _plain(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    try:
        content = part.get_content() if part is not None else ""
    except (LookupError, UnicodeError, KeyError):
        return ""
    return str(content).strip()


def _without_headers(words: str) -> str:
    lines = words.splitlines()
    while lines and lines[0].startswith(tuple(f"{name}: " for name in papers.SHOWN_HEADERS)):
        lines.pop(0)
    return "\n".join(lines).strip()


def _sent_at(date: str) -> dt.datetime | None:
    try:
        when = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=dt.UTC)


def arrival_of(petition_id: int) -> PetitionArrival | None:
    """How a petition came, if it was taken in here."""
    rows = PetitionArrival.objects.select_related("petition__guard", "taken_person")
    return rows.filter(petition_id=petition_id).first()


def taken_in(since: dt.datetime) -> QuerySet[PetitionArrival, Any]:
    """What was taken in since, the latest first, as rows."""
    rows = PetitionArrival.objects.filter(taken_at__gte=since).order_by("-taken_at", "-id")
    return rows.values(
        "id", "way", "taken_at", "receipt_given", "petition_id", "petition__number", "petition__title",
        "petition__channel", "petition__state",
    )  # fmt: skip


# --- Parts of other pages --------------------------------------------------------------------------------------------
def section(petition: Petition, by: Actor, at: dt.datetime) -> dict[str, Any] | None:
    """How it came, on the petition's page."""
    arrival = arrival_of(petition.pk)
    if arrival is None:
        return None
    facts: list[tuple[Any, Any]] = [(_("How it came"), arrival.get_way_display() if arrival.way else "")]
    facts.append((_("Date on the envelope"), arrival.envelope_on))
    facts.append((_("Call"), _span(arrival)))
    facts.append((_("Taken in by"), arrival.taken_person))
    given = arrival.get_receipt_given_display() if arrival.receipt_given else _("not handed over yet")
    facts.append((_("Receipt"), given))
    return {"facts": [fact for fact in facts if fact[1]], "arrival": arrival}


def _span(arrival: PetitionArrival) -> str:
    if arrival.petition.channel != Channel.PHONE or arrival.began_at is None:
        return ""
    from_to = [one.astimezone().strftime("%H:%M") for one in (arrival.began_at, arrival.ended_at) if one]
    return "–".join(from_to)


def lines(by: Actor, today: dt.date) -> list[Line]:
    """The hub: receipts not handed over yet."""
    if not rules.may_take_in(by):
        return []
    waiting = PetitionArrival.objects.filter(receipt_given="").count()
    address = reverse("general_office:petition_desk")
    return [Line(_("Receipts not handed over yet"), waiting, address, "amber")]


def links(by: Actor) -> list[tuple[str, Any, str]]:
    """Ways from the hub."""
    if not rules.may_take_in(by):
        return []
    return [
        (reverse("general_office:petition_desk"), _("Desk"), "mail-opened"),
        (reverse("general_office:petition_visits"), _("Visits"), "users"),
    ]
