"""What the checks look at: contents read whole from the store, catalogue lines, the journal's chains.

Asked by the system, which sees them all.
"""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db import connection

from chancery.departments.general_office.archives.handover.checks import rules
from chancery.departments.general_office.archives.handover.checks.terms import (
    ChainFacts,
    Check,
    ItemFacts,
    Law,
    PartFacts,
)
from chancery.departments.general_office.archives.handover.scanner import queries as scanner
from chancery.departments.general_office.incoming_documents.models import IncomingFile
from chancery.departments.general_office.incoming_documents.terms import FilePart
from chancery.departments.general_office.outgoing_documents.models import Annex
from chancery.foundations.content_store import MissingContent, StoreUnavailable, sha256_of, store
from chancery.foundations.journal.verify import COLUMNS, Chain, Head
from chancery.foundations.papers import Family, Limits, Unacceptable, examine
from chancery.foundations.papers.types import MEDIA_TYPES
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.records import queries as records
from chancery.kernel.records.archive.models import ArchivalItem, ItemPart

_ANY_SIZE = Limits(size=1 << 40)
_KINDS = {"outgoing": "archives.parts.outgoing", "incoming": "archives.parts.incoming"}


def laws(on: dt.date) -> Mapping[str, Law]:
    """What the rulebook asks of each kind of item; "" stands for every other kind."""
    keys = ("archives.parts.outgoing", "archives.parts.incoming", "archives.parts.other")
    elements, kept, taken = (
        rulebook.text("archives.elements", on=on),
        rulebook.text("archives.formats.kept", on=on),
        rulebook.text("archives.formats.taken", on=on),
    )
    parts = {key: tuple(row.value.split()) for key, row in rulebook.held(keys, on=on).items()}
    return {
        kind: Law(tuple(elements.split()), parts[key], _types(kept), _types(taken))
        for kind, key in {**_KINDS, "": "archives.parts.other"}.items()
    }


def _types(endings: str) -> frozenset[str]:
    """Media types by the endings that the rulebook names."""
    wanted = set(endings.split())
    return frozenset(name for name, kind in MEDIA_TYPES.items() if wanted & set(kind.endings))


def checks_of(item_ids: Sequence[int], *, at: dt.datetime, on: dt.date) -> dict[int, list[Check]]:
    """The findings of each item. Reads every content once; one item in memory at a time."""
    items = {item.pk: item for item in ArchivalItem.objects.filter(pk__in=item_ids)}
    parts: dict[int, list[ItemPart]] = defaultdict(list)
    for part in ItemPart.objects.filter(item_id__in=item_ids).select_related("file").order_by("item_id", "position"):
        parts[part.item_id].append(part)
    own = {item.pk: f"records.archivalitem:{item.pk}" for item in items.values()}
    chains = _chains({*own.values(), *(item.subject for item in items.values() if item.subject)})
    named = _annexes_named(items.values())
    asked = laws(on)
    found = {}
    for item_id in item_ids:
        item = items[item_id]
        facts = [_part_facts(part, at) for part in parts[item_id]]
        chain = _joined([chains[subject] for subject in (item.subject, own[item_id]) if subject in chains])
        line = ItemFacts(
            kind=item.kind,
            carrier=item.carrier,
            page_count=item.page_count,
            elements=_elements(item),
            annexes_named=named.get(item.subject),
            chain=chain,
        )
        found[item_id] = rules.checked(line, facts, asked.get(item.kind, asked[""]))
    return found


def _elements(item: ArchivalItem) -> dict[str, Any]:
    names = (
        "code",
        "title",
        "author",
        "document_number",
        "dated_on",
        "page_count",
        "class_code",
        "period",
        "unit_code",
    )
    told = {name: getattr(item, name) for name in names}
    return {**told, "matter_number": item.matter_number, "filed_person": item.filed_person_id}


def _part_facts(part: ItemPart, at: dt.datetime) -> PartFacts:
    file = part.file
    about: dict[str, Any] = {
        "id": part.pk,
        "role": part.role,
        "name": file.name,
        "media_type": file.media_type,
        "sha256": file.sha256,
    }
    try:
        with store().open(file.sha256) as source:
            content = io.BytesIO(source.read())
    except (MissingContent, StoreUnavailable):
        return PartFacts(**about, found_sha256="")
    digest, _size = sha256_of(content)
    fault, detail, pages = "", "", None
    try:
        pages = examine(file.name, content, _ANY_SIZE).pages
    except Unacceptable as wrong:
        fault, detail = wrong.fault.value, wrong.detail
    seal = None
    if file.family is Family.PDF:
        whole = content.getvalue()
        # A signature dictionary stands in the clear, or it could not say which bytes it covers.
        seal = records.validate(whole, at=at) if b"/ByteRange" in whole else None
    return PartFacts(
        **about,
        found_sha256=digest,
        fault=fault,
        fault_detail=detail,
        pages=pages,
        seal=seal,
        scan=scanner.scan(content),
    )


def _annexes_named(items: Collection[ArchivalItem]) -> dict[str, int]:
    """How many annexes the record itself names, by subject, of those kinds that name them."""
    subjects: dict[str, list[int]] = defaultdict(list)
    for item in items:
        model, _colon, key = item.subject.partition(":")
        if key.isdigit():
            subjects[model].append(int(key))
    counted: dict[str, int] = defaultdict(int)
    for document_id in Annex.objects.filter(document_id__in=subjects["general_office.outgoingdocument"]).values_list(
        "document_id", flat=True
    ):
        counted[f"general_office.outgoingdocument:{document_id}"] += 1
    for document_id in IncomingFile.objects.filter(
        document_id__in=subjects["general_office.incomingdocument"], part=FilePart.ANNEX
    ).values_list("document_id", flat=True):
        counted[f"general_office.incomingdocument:{document_id}"] += 1
    return dict(counted)


# --- The journal ------------------------------------------------------------------------------------------------------
def _chains(subjects: Collection[str]) -> dict[str, ChainFacts]:
    """Every entry of the subjects computed anew, as the outside checker does it."""
    wanted = ", ".join("e.data::text as data" if name == "data" else f"e.{name}" for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {wanted}, e.canonical, e.previous_hash, e.hash, h.seq, h.hash, h.entry_id"  # noqa: S608 - the journal's own column names
            " from journal_entry e left join journal_head h on h.subject = e.subject"
            " where e.subject = any (%s) order by e.subject, e.seq, e.id",
            [sorted(subjects)],
        )
        names = [column.name for column in cursor.description[:-3]]
        rows = [(dict(zip(names, row[:-3], strict=True)), row[-3:]) for row in cursor.fetchall()]
    found = {}
    for subject, entries in groupby(rows, key=lambda row: str(row[0]["subject"])):
        chain: Chain | None = None
        count = 0
        for row, (seq, digest, entry_id) in entries:
            chain = chain or Chain(subject, None if seq is None else Head(seq, bytes(digest), entry_id))
            chain.add(row)
            count += 1
        whole = chain is not None and chain.fits_head()
        found[subject] = ChainFacts(count, None if whole or chain is None else chain.seq + 1)
    return found


def _joined(chains: Sequence[ChainFacts]) -> ChainFacts:
    broken = [chain.broken_at for chain in chains if chain.broken_at is not None]
    return ChainFacts(sum(chain.entries for chain in chains), broken[0] if broken else None)
