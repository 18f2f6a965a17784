"""Verbs: make a package of a released document, take one in as an incoming document."""

from __future__ import annotations

import datetime as dt
import io
from typing import IO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents import queries as incoming
from chancery.departments.general_office.incoming_documents.intake import services as intake
from chancery.departments.general_office.incoming_documents.models import IncomingDocument, year_of
from chancery.departments.general_office.incoming_documents.terms import Carrier, FilePart, Kind
from chancery.departments.general_office.outgoing_documents.dispatch import queries as dispatch
from chancery.departments.general_office.outgoing_documents.exchange import queries, rules
from chancery.departments.general_office.outgoing_documents.exchange.models import PackageTaken
from chancery.departments.general_office.outgoing_documents.exchange.terms import Role
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import State
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.records.packages.bags.rules import PackageRefused
from chancery.kernel.records.queries import validate

UNSEALED = frozenset({"MINUTES", "MEMO"})
PARTS = {Role.PAPER: FilePart.MAIN, Role.ANNEX: FilePart.ANNEX, Role.WORD: FilePart.ENVELOPE}


@service
def make_package(*, document_id: int, by: Actor, at: dt.datetime) -> tuple[str, bytes]:
    """(name, zip) of a released document, for another system. That it was made stands in its history."""
    dispatch.may_dispatch(by).demand()
    document = OutgoingDocument.objects.select_related("issuer", "signed_person").filter(pk=document_id).first()
    if document is None:
        raise Refused(_("There is no such document for you."))
    if document.state != State.RELEASED:
        raise Refused(_("Only a released document is packed for another system."))
    name, content = queries.package(document, at)
    journal.write(by=by, at=at, act="exchange.exported", on=document, data={"name": name, "size": len(content)})
    return name, content


@service
def take_in(*, source: IO[bytes], by: Actor, at: dt.datetime) -> IncomingDocument:
    """A package as a draft of the register, with its facts and files; the registrar looks at it and registers it.

    Raises `PackageRefused` for whatever is wrong with it; nothing is kept then.
    """
    incoming.may_register(by).demand()
    most = int(rulebook.number("outgoing.package.max_mb", on=clock.date_of(at))) * 1_000_000
    package = rules.read(source, most_bytes=most)
    signed_by, is_trusted = _seal_of(package, at)
    _refuse_double(package)
    draft = intake.open_draft(by=by, at=at)
    intake.save_draft(document_id=draft.pk, facts=_facts(package, at), by=by, at=at)
    for file in package.files:
        part = PARTS.get(file.role)
        if part is not None:  # the manuscript is for systems that edit; a register does not
            intake.add_file(
                document_id=draft.pk, name=file.name, content=io.BytesIO(file.content), part=part, by=by, at=at
            )
    try:
        with transaction.atomic():
            PackageTaken.objects.create(
                document_id=draft.pk,
                manifest=package.manifest,
                organization=package.organization,
                signed_by="; ".join(signed_by)[:300],
                is_trusted=is_trusted,
                taken_at=at,
            )
    except IntegrityError:
        raise PackageRefused(_("This package was taken in already.")) from None
    said = {"manifest": package.manifest, "organization": package.organization, "trusted": is_trusted}
    journal.write(by=by, at=at, act="exchange.imported", on=draft, data=said)
    return IncomingDocument.objects.get(pk=draft.pk)


def _seal_of(package: rules.Package, at: dt.datetime) -> tuple[list[str], bool]:
    """Who sealed the paper, and whether this house believes it. Refused when it bears no seal, or not any more.

    Minutes and memoranda bear none by their form: they come in as papers that nobody vouches for.
    """
    found = validate(package.paper, at=at)
    if found.is_readable and not found.is_signed and package.codes["文种代码"] in UNSEALED:
        return [], False
    if not found.is_readable or not found.is_signed:
        raise PackageRefused(_("The paper in the package bears no seal."))
    if not found.is_intact or not found.covers_whole_file:
        why = "; ".join(found.problems)
        raise PackageRefused(_("The paper in the package was changed after it was sealed. %(why)s") % {"why": why})
    return [signer.name for signer in found.signers], found.is_trusted


def _refuse_double(package: rules.Package) -> None:
    if PackageTaken.objects.filter(manifest=package.manifest).exists():
        raise PackageRefused(_("This package was taken in already."))
    number = package.core["发文字号"]
    there = incoming.same_letter(package.core["发文机关标志"], number, year_of(number, package.dated_on.year))
    if there is not None:
        raise PackageRefused(_("This document is registered already: %(number)s.") % {"number": there.number})


def _facts(package: rules.Package, at: dt.datetime) -> dict[str, object]:
    core, codes = package.core, package.codes
    kind = codes["文种代码"] if codes["文种代码"] in Kind.values else Kind.OTHER
    pages = codes.get("页数", "")
    if package.dated_on > clock.date_of(at):
        raise PackageRefused(_("The document in the package is dated in the future."))
    return {
        "title": core["标题"][:300],
        "sender": core["发文机关标志"][:200],
        "sender_number": core["发文字号"][:80],
        "dated_on": package.dated_on,
        "received_on": clock.date_of(at),
        "carrier": Carrier.EXCHANGE,
        "kind": kind,
        "urgency": dispatch.INCOMING_URGENCY[codes["紧急程度代码"]],
        "label": int(codes["发放范围代码"]),
        "copy_no": core.get("份号", "")[:20],
        "pages": int(pages) if pages.isdecimal() and int(pages) < 32000 else None,
        "addressees": core.get("主送机关", "")[:300],
        "summary": core.get("附注", ""),
        "delivered_by": package.organization[:120],
    }
