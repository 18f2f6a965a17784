"""What goes into a package, and what a package says, checked against itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from typing import IO, Any

from chancery.foundations.actor import Clearance
from chancery.foundations.journal.models import Entry
from chancery.foundations.journal.queries import who
from chancery.foundations.journal.terms import act_words
from chancery.foundations.papers import MEDIA_TYPES
from chancery.kernel.records.archive.models import ArchivalItem, ItemPart
from chancery.kernel.records.archive.rules import never_voided
from chancery.kernel.records.fileplan.models import Fonds, PlanClass, RetentionPeriod
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.fixity.queries import checks_of
from chancery.kernel.records.numbers.models import IssuedNumber
from chancery.kernel.records.numbers.terms import Series
from chancery.kernel.records.packages import rules
from chancery.kernel.records.packages.bags import rules as bags
from chancery.kernel.records.packages.finding_aid import rules as finding_aid
from chancery.kernel.records.packages.models import TakenPackage
from chancery.kernel.records.packages.preservation import rules as preservation
from chancery.kernel.records.packages.terms import (
    AID,
    ITEMS,
    PRESERVATION,
    PROFILE,
    ClassFact,
    Contents,
    EventFact,
    FondsFact,
    ItemFact,
    PartFact,
)

#: Beginnings of acts of the journal → type of event, as far as the vocabulary of PREMIS has a word for it.
EVENTS = (
    (r"(file\.stored|.*file_attached|.*file_added)$", "capture"),
    (r"fixity\.restored$", "recovery"),
    (r"item\.filed$", "filing"),
    (r"item\.taken_in$", "ingestion end"),
    (r".*(registered|numbered)$", "registration"),
    (r".*(signed|sealed|affixed|countersigned)$", "digital signature generation"),
    (r".*(opened|created|drafted|begun)$", "creation"),
    (r".*(relabelled|corrected|changed_label)$", "metadata modification"),
    (r".*(packed|exported)$", "information package creation"),
)
LAYOUT = bags.Layout(
    files=re.compile(rf"data/metadata/(?:ead3|premis)\.xml|{ITEMS}\d{{4,6}}/\d{{2,3}}\.[a-z0-9]{{1,8}}"),
    folders=re.compile(rf"|data/|data/metadata/|{ITEMS}(?:\d{{4,6}}/)?"),
    must_hold=(AID, PRESERVATION),
    most_entries=20_000,
    largest_tag=16_000_000,
    profile=PROFILE,
    algorithms=("sha256", "sha512"),
)


# --- Out --------------------------------------------------------------------------------------------------------------
def contents_of(
    items: Sequence[ArchivalItem], *, organization: str, reference: str, purpose: str, at: dt.datetime
) -> tuple[Contents, dict[str, StoredFile]]:
    """All that a package of these items says, and the file behind each path."""
    fonds = items[0].fonds
    parts, files = _parts(items)
    plan_ids = {item.plan_class.plan_id for item in items}
    contents = Contents(
        fonds=FondsFact(
            code=fonds.code,
            name_en=fonds.name_en,
            name_zh=fonds.name_zh,
            begun_on=fonds.begun_on,
            keeper=fonds.keeper_unit.name_zh or fonds.keeper_unit.name_en,
            history=fonds.history_zh or fonds.history_en,
        ),
        periods=dict(RetentionPeriod.objects.filter(plan_id__in=plan_ids).values_list("code", "years")),
        classes=_classes(plan_ids, {item.class_code for item in items}),
        items=[_item(item, parts[item.pk]) for item in items],
        events=_events(items, parts),
        organization=organization,
        reference=reference,
        purpose=purpose,
        made_at=at,
    )
    return contents, files


def _item(item: ArchivalItem, parts: Sequence[PartFact]) -> ItemFact:
    return ItemFact(
        code=item.code,
        number=item.item_number,
        title=item.title,
        dated_on=item.dated_on,
        year=item.year,
        category=item.category,
        class_code=item.class_code,
        period=item.period,
        unit_code=item.unit_code,
        label=Clearance(item.label).name,
        author=item.author,
        document_number=item.document_number,
        page_count=item.page_count,
        matter_number=item.matter_number,
        note=item.note,
        kind=item.kind,
        carrier=item.carrier,
        opens_on=item.opens_on,
        retain_until=item.retain_until,
        parts=parts,
    )


def _parts(items: Sequence[ArchivalItem]) -> tuple[dict[int, list[PartFact]], dict[str, StoredFile]]:
    rows = list(
        ItemPart.objects.filter(item__in=[item.pk for item in items])
        .select_related("file")
        .defer("file__text")
        .order_by("item_id", "position")
    )
    checks = checks_of({row.file.sha256 for row in rows})
    places = {item.pk: place for place, item in enumerate(items, 1)}
    found: dict[int, list[PartFact]] = {item.pk: [] for item in items}
    files: dict[str, StoredFile] = {}
    for row in rows:
        known = MEDIA_TYPES.get(row.file.media_type)
        ending = known.endings[0] if known else "bin"
        path = f"{ITEMS}{places[row.item_id]:04}/{len(found[row.item_id]) + 1:02}.{ending}"
        check = checks.get(row.file.sha256)
        files[path] = row.file
        found[row.item_id].append(
            PartFact(
                path=path,
                role=row.role,
                title=row.title or row.file.name,
                name=row.file.name,
                media_type=row.file.media_type,
                size=row.file.size,
                sha256=row.file.sha256,
                sound_at=check.sound_at if check else None,
                page_count=row.page_count,
                stored_at=row.file.stored_at,
            )
        )
    return found, files


def _classes(plan_ids: set[int], wanted: set[str]) -> list[ClassFact]:
    """The classes that items lie in, and those above them; the newest plan's words where several plans have one."""
    rows = {
        row.code: row
        for row in PlanClass.objects.filter(plan_id__in=plan_ids)
        .select_related("parent")
        .order_by("plan_id", "position")
    }
    needed: set[str] = set()
    for code in wanted:
        node: Any = rows.get(code)
        while node is not None and node.code not in needed:
            needed.add(node.code)
            node = rows.get(node.parent.code) if node.parent is not None else None
    return [
        ClassFact(
            code=row.code,
            name=row.name_zh or row.name_en,
            parent=row.parent.code if row.parent is not None and row.parent.code in needed else "",
            period=row.period,
        )
        for row in rows.values()
        if row.code in needed
    ]


def _events(items: Sequence[ArchivalItem], parts: dict[int, list[PartFact]]) -> list[EventFact]:
    """From the journals of the items, of what was filed, and from the files' own rows, as far as the actor sees."""
    about = {f"records.archivalitem:{item.pk}": item.code for item in items}
    about.update({item.subject: item.code for item in items if item.subject})
    rows = Entry.objects.filter(subject__in=list(about)).order_by("id")
    told = [
        EventFact(
            kind=event_kind(row["act"], row["data"]),
            at=row["at"],
            about=about[row["subject"]],
            detail=str(act_words(row["act"])),
            agent=who(row)[:300],
        )
        for row in rows.values(
            "subject", "act", "at", "data", "kind", "person_name", "post_title", "body_name", "deputising_for"
        )
    ]
    for item in items:
        told += [
            EventFact("capture", part.stored_at, part.path, detail=part.name)
            for part in parts[item.pk]
            if part.stored_at is not None
        ]
    return told


def event_kind(act: str, data: Any) -> str:
    """The type of event that an act of the journal is."""
    if act == "item.state_changed":
        return {"HELD": "acceptance", "OFFERED": "submission"}.get(str((data or {}).get("state")), "modification")
    return next((kind for beginning, kind in EVENTS if re.match(beginning, act)), "modification")


# --- In ---------------------------------------------------------------------------------------------------------------
def read_package(source: IO[bytes], *, most_bytes: int) -> tuple[bags.Bag, Contents]:
    """A package, every check passed that needs no database; `PackageRefused` names the part at fault otherwise.

    The bag stays open over `source`: its parts are read from there.
    """
    bag = bags.opened(source, most_bytes=most_bytes, layout=LAYOUT)
    said = finding_aid.read(bag.description(AID, finding_aid.schema()))
    files, belongs, events = preservation.read(bag.description(PRESERVATION, preservation.schema()))
    return bag, rules.joined(said, files, belongs, events, bag)


def codes_here(codes: Iterable[str]) -> list[str]:
    """Those of the codes that stand in the register already, whoever may see their items; asked by the system."""
    wanted = list(codes)
    found = set(ArchivalItem.objects.filter(code__in=wanted).values_list("code", flat=True))
    rows = IssuedNumber.objects.filter(text__in=wanted).values_list("text", flat=True)
    return sorted(found | set(rows))


def taken(manifest: str) -> TakenPackage | None:
    """The package of this manifest, when it was taken in already; asked by the system."""
    return TakenPackage.objects.filter(manifest=manifest).first()


def packages() -> Any:
    """Packages taken in, as rows."""
    return TakenPackage.objects.values(
        "id", "name", "organization", "reference", "fonds__code", "fonds__name_en", "fonds__name_zh", "items", "files",
        "size", "sha256", "first_code", "last_code", "taken_at",
    )  # fmt: skip


def series_named(codes: Collection[str]) -> dict[str, Series]:
    """The series of codes that packages brought, for the register of numbers."""
    known = dict(Fonds.objects.values_list("pk", "code"))
    found = {}
    for code in codes:
        fonds_id = code.split(".")[1]
        name = known.get(int(fonds_id), fonds_id) if fonds_id.isdecimal() else fonds_id
        found[code] = Series(code, f"Codes received, {name}", f"接收档号 {name}", may_void=never_voided)
    return found
