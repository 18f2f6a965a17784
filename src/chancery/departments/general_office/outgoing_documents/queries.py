"""Questions about outgoing documents. Row security limits every one of them to what the stamped actor may see.

A paper's content goes by three shapes:

- *facts*: what the services take and a page sends: keys of units and posts, lists in order, the manuscript;
- *parts*: what the addressee reads, with names; JSON, hashed when it is signed, compared between versions;
- `setting.Paper`: what is set on paper.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.models import (
    Addressee,
    Annex,
    OutgoingDocument,
)
from chancery.departments.general_office.outgoing_documents.terms import (
    OFFICE_CODE,
    WITHOUT_LABEL,
    AddresseePart,
    Label,
    Urgency,
)
from chancery.foundations import clock, manuscript
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.foundations.words import words
from chancery.kernel.directory import queries as directory
from chancery.kernel.directory.models import Post, Unit, UnitTerm
from chancery.kernel.records.papertypes import queries as paper_types
from chancery.kernel.records.papertypes import rules as type_rules
from chancery.kernel.records.setting.terms import Format, Paper

Facts = dict[str, Any]

# Facts that are columns of the document, under the same name.
PLAIN = ("title", "paper_type", "direction", "format", "language", "note", "urgency", "label", "keywords", "copies")


class NoOffice(Refused):
    """The directory has no General Office."""


def office_id() -> int:
    """The General Office."""
    found = Unit.objects.filter(code=OFFICE_CODE).values_list("id", flat=True).first()
    if found is None:
        raise NoOffice(_("The directory has no unit with the code GO. Load the directory first."))
    return found


def document(document_id: int) -> OutgoingDocument | None:
    """One document, or None when it does not exist for this actor."""
    return (
        OutgoingDocument.objects.select_related("unit", "issuer", "drafter_person", "signer_post__unit", "guard")
        .filter(pk=document_id)
        .first()
    )


def document_of(matter_id: int) -> OutgoingDocument | None:
    """The document a matter is about."""
    return OutgoingDocument.objects.filter(matter_id=matter_id).first()


def subject_of(document: OutgoingDocument) -> str:
    """How a matter, a number and the journal name it."""
    return f"general_office.OutgoingDocument:{document.pk}"


# --- Facts ------------------------------------------------------------------------------------------------------------
def facts_of(document: OutgoingDocument) -> Facts:
    """What the document says now, as the services take it. JSON."""
    addressees = list(document.addressees.order_by("part", "position", "id"))
    return {
        **{name: getattr(document, name) for name in PLAIN},
        "issuer": document.issuer_id,
        "joint_issuers": list(document.joint_issuers.values_list("unit_id", flat=True)),
        "main": [one.unit_id for one in addressees if one.part == AddresseePart.MAIN and one.unit_id],
        "copy_to": [one.unit_id for one in addressees if one.part == AddresseePart.COPY and one.unit_id],
        "outside": [_outside(one) for one in addressees if not one.unit_id],
        "body": document.body or manuscript.EMPTY,
        "signer_post": document.signer_post_id,
        "countersign_units": list(document.countersign_units.values_list("unit_id", flat=True)),
        "countersign_mode": document.countersign_mode,
        "relations": list(
            document.relations.order_by("id").values("kind", "earlier_id", "earlier_number", "earlier_title", "note")
        ),
    }


def _outside(one: Addressee) -> dict[str, str]:
    return {"part": one.part, "name": one.name, "email": one.email, "postal": one.postal}


def annexes_of(document_id: int) -> list[Any]:
    """The annexes in order, with what is stored of them."""
    return list(
        Annex.objects.filter(document_id=document_id)
        .order_by("position", "id")
        .values(
            "id",
            "name",
            "stored_id",
            "position",
            sha256=F("stored__sha256"),
            size=F("stored__size"),
            media_type=F("stored__media_type"),
            pages=F("stored__pages"),
        )
    )


def unit_names(ids: Iterable[int | None], *, on: dt.date, language: str) -> dict[int, str]:
    """Unit → its name on a day, in the paper's language."""
    wanted = {one for one in ids if one}
    rows = UnitTerm.objects.filter(unit_id__in=wanted, during__contains=on, is_void=False)
    found = {row["unit_id"]: words(row, "name", language) for row in rows.values("unit_id", "name_en", "name_zh")}
    if missing := wanted - set(found):  # gone by that day: the name it had last
        found |= {unit.pk: words(unit, "name", language) for unit in Unit.objects.filter(pk__in=missing)}
    return found


def units_in(facts: Mapping[str, Any]) -> set[int]:
    """Every unit the facts name."""
    lists = ("joint_issuers", "main", "copy_to", "countersign_units")
    return {facts.get("issuer") or 0, *(one for name in lists for one in facts.get(name) or ())} - {0}


# --- Parts ------------------------------------------------------------------------------------------------------------
def parts_of(document: OutgoingDocument) -> dict[str, Any]:
    """All that the addressee reads, with the names of the day it is dated (today while it has no date). JSON."""
    return parts_from(facts_of(document), annexes_of(document.pk), on=document.dated_on or clock.today())


def parts_from(facts: Mapping[str, Any], annexes: Sequence[Mapping[str, Any]], *, on: dt.date) -> dict[str, Any]:
    """The same of facts that are not kept yet."""
    names = unit_names(units_in(facts), on=on, language=facts["language"])
    codes = dict(Unit.objects.filter(pk__in=units_in(facts)).values_list("id", "code"))

    def unit(one: int) -> dict[str, str]:
        return {"code": codes.get(one, ""), "name": names.get(one, "")}

    return {
        "title": facts["title"],
        "type": facts["paper_type"],
        "direction": facts["direction"],
        "format": facts["format"],
        "language": facts["language"],
        "issuer": unit(facts["issuer"]),
        "joint_issuers": [unit(one) for one in facts["joint_issuers"]],
        "addressees": [
            *({"part": AddresseePart.MAIN.value, **unit(one)} for one in facts["main"]),
            *(dict(one) for one in facts["outside"] if one["part"] == AddresseePart.MAIN),
            *({"part": AddresseePart.COPY.value, **unit(one)} for one in facts["copy_to"]),
            *(dict(one) for one in facts["outside"] if one["part"] == AddresseePart.COPY),
        ],
        "body": facts["body"],
        "note": facts["note"],
        "annexes": [{"name": one["name"], "sha256": one["sha256"]} for one in annexes],
        "urgency": facts["urgency"],
        "label": facts["label"],
    }


def text_hash(document: OutgoingDocument, parts: Mapping[str, Any] | None = None) -> str:
    """The hash of what the addressee reads (`parts`, when they were read already): what is signed and sealed."""
    return manuscript.digest(parts_of(document) if parts is None else parts)


# --- The rules' view --------------------------------------------------------------------------------------------------
def ruled(facts: Mapping[str, Any], *, annexes: int) -> type_rules.Paper:
    """What the type's rules look at."""
    issuer = Unit.objects.filter(pk=facts["issuer"] or 0).first()
    below = set(directory.subtree(issuer.pk)) - {issuer.pk} if issuer else set()
    above = set(directory.ancestors(issuer.pk)) - {issuer.pk} if issuer else set()
    names = unit_names(units_in(facts), on=clock.today(), language=translation.get_language() or "en")
    outside = [one["name"] for one in facts["outside"] if one["part"] == AddresseePart.MAIN]
    answered = [one for one in facts["relations"] if one["kind"] == "ANSWERS"]
    known = dict(
        OutgoingDocument.objects.filter(pk__in=[one.get("earlier_id") or 0 for one in answered]).values_list(
            "id", "paper_type"
        )
    )
    return type_rules.Paper(
        title=facts["title"],
        text=manuscript.plain(facts["body"]),
        direction=facts["direction"],
        format=facts["format"],
        issuer_kind=issuer.kind if issuer else "",
        joint_issuers=len(facts["joint_issuers"]),
        main=[*(names.get(one, "") for one in facts["main"]), *outside],
        main_below=[names.get(one, "") for one in facts["main"] if one in below],
        main_above=[names.get(one, "") for one in facts["main"] if one in above],
        copies_below=[names.get(one, "") for one in facts["copy_to"] if one in below],
        has_signer=bool(facts["signer_post"]),
        annexes=annexes,
        answered=[known.get(one.get("earlier_id") or 0, "") for one in answered],
    )


# --- The set paper ----------------------------------------------------------------------------------------------------
def paper_of(document: OutgoingDocument, *, draft: bool) -> Paper:
    """The document as `kernel.records.setting` sets it."""
    return paper_from(document, facts_of(document), annexes_of(document.pk), draft=draft)


def paper_from(
    document: OutgoingDocument, facts: Mapping[str, Any], annexes: Sequence[Mapping[str, Any]], *, draft: bool
) -> Paper:
    """The same of facts that are not kept yet."""
    on = document.dated_on or clock.today()
    language = "zh" if str(facts["language"]).startswith("zh") else "en"
    names = unit_names({*units_in(facts), office_id(), document.unit_id}, on=on, language=language)
    of = paper_types.paper_type(facts["paper_type"], on=on, profile=document.profile)
    formats = (of.says("formats") if of else None) or ["DOCUMENT" if document.profile == "cn" else "LETTERHEAD"]
    form = Format(facts["format"] or formats[0])
    issuers = [one for one in (facts["issuer"], *facts["joint_issuers"]) if one]
    marks = [names.get(one, "") for one in issuers]
    between = "\n" if not form.is_standard else "，" if language == "zh" else ", "
    signer, signer_title = _signer(document, facts["signer_post"], on, language)
    shows = bool(signer and of and type_rules.shows_signatory(of, facts["direction"]))
    with translation.override("zh-hans" if language == "zh" else "en"):
        urgency = "" if facts["urgency"] == Urgency.NORMAL else str(Urgency(facts["urgency"]).label)
        is_bare = facts["label"] == Label.INTERNAL or any(claims(document.pk) for claims in WITHOUT_LABEL)
        marking = "" if is_bare else str(Label(facts["label"]).label)
        type_name = words(of) if of else ""
    return Paper(
        format=form,
        language=cast(Any, language),
        issuer_marks=marks,
        marking=marking,
        urgency=urgency,
        number=document.number,
        signatories=[signer] if shows else [],
        signatory_title=signer_title if shows else "",
        title=facts["title"],
        addressees=_line(facts, names, AddresseePart.MAIN, between),
        blocks=manuscript.for_typst(facts["body"], profile=cast(manuscript.Profile, document.profile)),
        annexes=[_without_ending(one["name"]) for one in annexes],
        signers=marks,
        dated_on=document.dated_on,
        note=facts["note"],
        cc=_line(facts, names, AddresseePart.COPY, between),
        printed_by=names.get(office_id(), "") if form.is_standard else "",
        printed_on=clock.date_of(document.numbered_at) if document.numbered_at else None,
        draft_mark=draft,
        verify_url=_verify_url(document),
        verify_code=document.verify_code,
        metadata={
            "DocumentType": type_name,
            "DraftingUnit": names.get(document.unit_id, ""),
            "SubjectHeadings": facts.get("keywords") or "",
            "TextDigest": document.signed_hash,
        },
        seals=[] if form in {Format.MINUTES, Format.MEMO} else issuers,
    )


def _verify_url(document: OutgoingDocument) -> str:
    if not document.verify_code:
        return ""
    from chancery.kernel.publishing.verification.queries import address_of

    return str(address_of(document.verify_code))


def _line(facts: Mapping[str, Any], names: Mapping[int, str], part: str, between: str) -> str:
    """Addressees as printed: on one line, or one on each in a neutral format."""
    units = facts["main"] if part == AddresseePart.MAIN else facts["copy_to"]
    said = [names.get(one, "") for one in units] + [one["name"] for one in facts["outside"] if one["part"] == part]
    return between.join(name for name in said if name)


def _without_ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return stem if dot and 1 <= len(ending) <= 5 and ending.isalnum() else name


def _signer(document: OutgoingDocument, post_id: int | None, on: dt.date, language: str) -> tuple[str, str]:
    """Name and post of who signed, or of who is asked to sign."""
    if document.signed_person is not None:
        title = words(document.signed_post, "title", language) if document.signed_post else ""
        return words(document.signed_person, "name", language), title
    if not post_id:
        return "", ""
    # The name is printed on the paper whoever looks at the draft.
    with acting_as(SYSTEM):
        rows = directory.holders_of(post_id, on)
        post = Post.objects.filter(pk=post_id).first()
    return (words(rows[0], "name", language), words(post, "title", language)) if rows and post else ("", "")


# --- The matter's page ------------------------------------------------------------------------------------------------
def panel(matter: Any, by: Actor) -> Mapping[str, Any]:
    """What the matter page shows of the document."""
    found = document_of(matter.pk)
    if found is None:
        return {"document": None}
    from chancery.departments.general_office.outgoing_documents.comments import queries as comments

    of = paper_types.paper_type(found.paper_type, on=clock.date_of(found.opened_at), profile=found.profile)
    return {
        "document": found,
        "type_words": words(of) if of else found.paper_type,
        "annexes": annexes_of(found.pk),
        "versions": found.versions.count(),
        "open_comments": comments.count_open(found.pk),
    }
