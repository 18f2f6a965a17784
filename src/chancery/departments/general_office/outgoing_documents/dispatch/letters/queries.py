"""What the page behind a link may show. The public sees a letter by its token alone; SYSTEM looks it up."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from typing import IO, Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents.dispatch import queries as dispatch
from chancery.departments.general_office.outgoing_documents.dispatch import rules
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.dispatch.terms import Channel, DeliveryState
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.records import queries as records

IN_AN_ADDRESS = r"(?<=/letters/)[A-Za-z0-9_-]{43}"  # a token as it stands in the text of a mail


def token_of(delivery: Delivery) -> str:
    """The token of a delivery's link: 256 bits that only this site can reckon, anew for each sending. Never stored."""
    said = f"letter|{delivery.pk}|{delivery.attempts}|{delivery.created_at.isoformat()}"
    digest = hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_hash(delivery_id: int, code: str) -> str:
    """What is kept of a code: worthless without the site's own key."""
    plain = "".join(sign for sign in code if sign.isalnum()).upper()
    return hmac.new(settings.SECRET_KEY.encode(), f"code|{delivery_id}|{plain}".encode(), hashlib.sha256).hexdigest()


def address_of(token: str) -> str:
    """The whole address of a letter."""
    return settings.SITE_URL + reverse("general_office:letter", args=[token])


def is_readable(delivery: Delivery, at: dt.datetime) -> bool:
    """Whether the link still leads somewhere. Expired, recalled and unknown look alike."""
    return (
        delivery.channel == Channel.EMAIL
        and delivery.state not in {DeliveryState.RECALLED, DeliveryState.FAILED}
        and delivery.token_until is not None
        and at < delivery.token_until
    )


def letter(token: str, at: dt.datetime) -> dict[str, Any] | None:
    """The page of a letter, or None. What needs the code is not in it before the code was given."""
    with acting_as(SYSTEM):
        delivery = (
            Delivery.objects.select_related("document", "document__issuer").filter(token_hash=hash_of(token)).first()
        )
        if delivery is None or not is_readable(delivery, at):
            return None
        document = delivery.document
        coded = rules.needs_code(document.label)
        files = dispatch.parts(document)
        return {
            "delivery": delivery,
            "sender": dispatch.issuer_names(document),
            "number": "" if coded else document.number,
            "title": "" if coded else document.title,
            "dated_on": document.dated_on,
            "is_coded": coded,
            "has_code": bool(delivery.code_hash),
            "is_closed": is_closed(delivery, at),
            "is_withdrawn": document.state == State.WITHDRAWN,
            "withdrawn_on": document.ended_at if document.state == State.WITHDRAWN else None,
            "later": _later(document),
            "files": [
                {"id": number, "name": file["name"] if not coded else "", "size": file["size"], "pages": file["pages"]}
                for number, file in enumerate(files)
            ],
            "is_receipted": delivery.receipted_at is not None,
        }


def is_closed(delivery: Delivery, at: dt.datetime) -> bool:
    """Too many wrong codes: closed until the sender makes a new one."""
    return delivery.code_misses >= most_misses(at)


def most_misses(at: dt.datetime) -> int:
    """How many wrong codes close a letter."""
    return int(rulebook.number("outgoing.letter.code_misses", on=clock.date_of(at)))


def _later(document: OutgoingDocument) -> dict[str, Any] | None:
    """The released paper that supersedes, abolishes or corrects it, by number and day."""
    found = (
        document.later_relations.filter(document__state__in=[State.RELEASED])
        .select_related("document")
        .order_by("-document__released_at")
        .first()
    )
    if found is None:
        return None
    return {"number": found.document.number, "dated_on": found.document.dated_on, "kind": found.get_kind_display()}


def file_of(delivery: Delivery, number: int) -> tuple[str, str, int, IO[bytes]] | None:
    """(name, media type, size, content) of a file of the letter, by its place in the list; None when there is none."""
    with acting_as(SYSTEM):
        files = dispatch.parts(delivery.document)
        if not 0 <= number < len(files):
            return None
        stored = records.file_of(int(files[number]["stored"]))
        if stored is None:
            return None
        return str(files[number]["name"]), stored.media_type, stored.size, records.open_file(stored)


def mail_of(delivery: Delivery, token: str, kind: str) -> tuple[str, str]:
    """(subject, text) of a mail with the link, in the paper's language. `kind`: "SENT" or "URGED"."""
    document = delivery.document
    sender = dispatch.issuer_names(document)
    coded = rules.needs_code(document.label)
    with translation.override("zh-hans" if document.language.startswith("zh") else "en"):
        told = {"sender": sender, "title": document.title, "number": document.number, "name": delivery.name}
        if coded:
            subject = _("%(sender)s: a document for you") % told
            lines = [_("%(name)s: a document of %(sender)s is ready for you.") % told]
        else:
            subject = _("%(sender)s: %(title)s") % told
            lines = [_("%(name)s: %(sender)s sends you “%(title)s” (%(number)s).") % told]
        if kind == "URGED":
            subject = _("Reminder: %(subject)s") % {"subject": subject}
            lines.append(_("We do not have your receipt yet. Please open the document and confirm that you have it."))
        lines += ["", address_of(token), ""]
        if coded:
            lines.append(_("You need a code to open it. The sender tells you the code by telephone or in person."))
        until = delivery.token_until
        if until is not None:
            lines.append(_("The link works until %(day)s.") % {"day": until.date().isoformat()})
        lines.append(_("It shows who sent the document and lets you confirm that you have received it."))
        return subject[:300], "\n".join(str(line) for line in lines)


def news_of(delivery: Delivery, kind: str, number: str, reason: str) -> tuple[str, str]:
    """(subject, text) of the mail that tells an addressee what became of a paper. `kind`: a code of NoteKind."""
    document = delivery.document
    coded = rules.needs_code(document.label)
    with translation.override("zh-hans" if document.language.startswith("zh") else "en"):
        told = {"sender": dispatch.issuer_names(document), "number": document.number, "later": number, "why": reason}
        said = {
            "WITHDRAWN": _("%(sender)s has withdrawn its document %(number)s. Please do not use it any more.") % told,
            "SUPERSEDED": _("The document %(number)s of %(sender)s has been superseded by %(later)s.") % told,
            "ABOLISHED": _("The document %(number)s of %(sender)s has been abolished by %(later)s.") % told,
            "CORRECTED": _("The document %(number)s of %(sender)s has been corrected by %(later)s.") % told,
        }[kind]
        lines = [f"{delivery.name}:", str(said)]
        if reason and not coded:
            lines.append(_("Reason: %(why)s") % told)
        subject = {
            "WITHDRAWN": _("Withdrawn: document %(number)s") % told,
            "SUPERSEDED": _("Superseded: document %(number)s") % told,
            "ABOLISHED": _("Abolished: document %(number)s") % told,
            "CORRECTED": _("Corrected: document %(number)s") % told,
        }[kind]
        return str(subject)[:300], "\n".join(str(line) for line in lines)
