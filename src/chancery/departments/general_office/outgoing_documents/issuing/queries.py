"""Questions about issuing: the standing signature, the seals wanted, the paper as it stands, what is wrong with it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.comparing import queries as comparing
from chancery.departments.general_office.outgoing_documents.issuing.models import Signature
from chancery.departments.general_office.outgoing_documents.models import (
    CountersignUnit,
    JointIssuer,
    OutgoingDocument,
    Relation,
)
from chancery.departments.general_office.outgoing_documents.terms import State, Step
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.papers import pdf
from chancery.foundations.verdict import Refused
from chancery.foundations.words import words
from chancery.kernel.directory.models import Unit
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.records import queries as records
from chancery.kernel.records.seals.checking.queries import findings_of_our_own, told
from chancery.kernel.records.seals.queries import seals_for_unit, uses
from chancery.kernel.records.seals.rules import is_kept_by
from chancery.kernel.records.seals.terms import SealKind
from chancery.kernel.records.setting import Format, SetPaper, set_paper

CHECKS = frozenset({Step.UNIT_CHECK, Step.OFFICE_REVIEW})
PAPER_SEALS = frozenset({SealKind.OFFICIAL, SealKind.SOCIETY})
UNSEALED = frozenset({Format.MINUTES, Format.MEMO})


def asked_units(document: OutgoingDocument) -> list[int]:
    """The units asked to countersign, in order."""
    return list(CountersignUnit.objects.filter(document=document).values_list("unit_id", flat=True))


def issuers(document: OutgoingDocument) -> list[int]:
    """The bodies whose names and seals the paper bears, the lead first."""
    joint = JointIssuer.objects.filter(document=document).values_list("unit_id", flat=True)
    return [document.issuer_id, *(unit for unit in joint if unit != document.issuer_id)]


def checkers(document: OutgoingDocument) -> set[int]:
    """The persons who checked the text on its way to the signer."""
    if document.matter_id is None:
        return set()
    rows = procedures.tasks(document.matter_id)
    return {row["doer_person_id"] for row in rows if row["step"] in CHECKS and row["state"] == "DONE"} - {None}


def standing_signature(document: OutgoingDocument) -> Signature | None:
    """The signature under the text as it stands, or None."""
    if not document.signed_hash or document.signed_at is None:
        return None
    return Signature.objects.filter(
        document=document, text_hash=document.signed_hash, signed_at=document.signed_at
    ).first()


def last_signature(document: OutgoingDocument) -> Signature | None:
    """The latest signature, also one that was taken back."""
    return Signature.objects.filter(document=document).select_related("person", "post").order_by("-id").first()


# --- Seals ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class WantedSeal:
    """The seal of one issuer: who keeps it, and whether it is on the paper already."""

    unit_id: int
    unit: str
    place: int
    seal_id: int | None
    code: str
    keeper_post_id: int | None
    is_on: bool


def wanted_seals(document: OutgoingDocument, on: dt.date, *, affixed: Collection[int] = ()) -> list[WantedSeal]:
    """The seals a paper needs, in the order of its issuers: each one's official seal, or else its society seal.

    Minutes and memoranda bear none.
    """
    if document.format in UNSEALED:
        return []
    units = issuers(document)
    named = {unit.pk: words(unit, "name") for unit in Unit.objects.filter(pk__in=units)}
    found = []
    for place, unit_id in enumerate(units):
        held = [row for row in seals_for_unit(unit_id, on) if row["kind"] in PAPER_SEALS]
        seal = min(held, key=lambda row: (row["kind"] != SealKind.OFFICIAL, row["code"])) if held else None
        found.append(
            WantedSeal(
                unit_id,
                named.get(unit_id, ""),
                place,
                seal["id"] if seal else None,
                seal["code"] if seal else "",
                seal["keeper_post_id"] if seal else None,
                bool(seal and seal["id"] in affixed),
            )
        )
    return found


def kept_by_others(by: Actor, seals: Collection[WantedSeal]) -> list[WantedSeal]:
    """Seals that are not on yet and that the actor does not keep."""
    return [
        seal
        for seal in seals
        if not seal.is_on and seal.keeper_post_id is not None and not is_kept_by(by, seal.keeper_post_id)
    ]


def content_of(file_id: int) -> bytes:
    """A stored file's bytes."""
    file = records.file_of(file_id)
    if file is None:
        raise Refused(_("The file of the paper is not there for you."))
    with records.open_file(file) as content:
        return content.read()


def seals_on(document: OutgoingDocument) -> set[int]:
    """The seals that the paper bears now, by the log of their use: from the sealed file back to the set one."""
    if document.sealed_file is None:
        return set()
    log = {row["sha256_after"]: row for row in uses(subject=documents.subject_of(document))}
    found, sha256 = set(), document.sealed_file.sha256
    while (row := log.pop(sha256, None)) is not None:
        found.add(row["seal_id"])
        sha256 = row["sha256_before"]
    return found


def problems(document: OutgoingDocument, at: dt.datetime) -> list[str]:
    """What is wrong with the sealed paper; empty when it may go out."""
    on = clock.date_of(at)
    if document.sealed_file_id is None:
        return [_("The paper is not sealed yet.")]
    file = records.file_of(document.sealed_file_id)
    if file is None:
        return [_("The sealed file is missing.")]
    with records.open_file(file) as opened:
        content = opened.read()
    found = []
    if hashlib.sha256(content).hexdigest() != file.sha256:
        found.append(_("The sealed file is not as it was stored."))
    wanted = wanted_seals(document, on)
    checked = told(findings_of_our_own(content, at))
    if not wanted:
        pass
    elif not checked.is_signed or not checked.is_intact or not checked.covers_whole_file:
        found.append(_("The seal's signature does not hold: the file was changed after it was sealed."))
    elif not checked.is_trusted:
        found.append(_("The seal's certificate is not trusted here."))
    bears = {signer.seal_code for signer in checked.signers}
    found += [_("The seal of %(unit)s is missing.") % {"unit": seal.unit} for seal in wanted if seal.code not in bears]
    if document.pages and file.pages and document.pages != file.pages:
        found.append(
            _("The sealed file has %(n)s pages, the set paper %(all)s.") % {"n": file.pages, "all": document.pages}
        )
    return found


# --- The paper as it stands -------------------------------------------------------------------------------------------
_KEPT = 8
_set: OrderedDict[tuple[object, ...], SetPaper] = OrderedDict()


def paper(document: OutgoingDocument) -> SetPaper:
    """The paper as it would be printed now; the last few are kept, for their pages are asked for one by one."""
    key = (document.pk, document.version, document.state, document.changed_at, document.signed_hash)
    if key not in _set:
        is_draft = document.state in {State.DRAFT, State.UNDER_WAY}
        _set[key] = set_paper(documents.paper_of(document, draft=is_draft))
        while len(_set) > _KEPT:
            _set.popitem(last=False)
    return _set[key]


def page_image(document: OutgoingDocument, number: int, *, width: int) -> bytes:
    """A page as PNG: of the sealed file where there is one. `IndexError` when there is no such page."""
    if document.sealed_file is not None:
        return records.page_image(document.sealed_file, number, width=width)
    done = paper(document)
    if not 1 <= number <= done.pages:
        raise IndexError(number)
    return pdf.page_image(io.BytesIO(done.pdf), number - 1, width=width)


def changes_since_signed(document: OutgoingDocument) -> Any:
    """What was changed since the last signature; None when it was never signed, or nothing was changed."""
    found = comparing.since_signed(document)
    return found if found is not None and found.is_changed else None


# --- Reading ----------------------------------------------------------------------------------------------------------
def section(document: OutgoingDocument, by: Actor) -> dict[str, Any]:
    """What the document's page shows of issuing: signature, number, seals, file."""
    signature = last_signature(document)
    facts = [
        (gettext_lazy("Signed by"), words(signature.person) if signature and document.signed_hash else ""),
        (gettext_lazy("Signed at"), document.signed_at),
        (gettext_lazy("Date of the document"), document.dated_on),
        (gettext_lazy("Number"), document.number),
        (gettext_lazy("Numbered at"), document.numbered_at),
        (gettext_lazy("Sealed at"), document.sealed_at),
        (gettext_lazy("Number of pages"), document.pages),
        (gettext_lazy("Released at"), document.released_at),
        (gettext_lazy("Cancelled because"), document.end_reason if document.state == State.CANCELLED else ""),
    ]
    return {
        "facts": [(word, value) for word, value in facts if value],
        "sealed": records.file_of(document.sealed_file_id) if document.sealed_file_id else None,
        "has_chain": Relation.objects.filter(Q(document=document) | Q(earlier=document)).exists(),
        "may_print_slip": document.matter_id is not None,
    }
