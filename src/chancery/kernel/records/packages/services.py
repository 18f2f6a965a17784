"""Verbs: make a package of items; take one in."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import IO

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.content_store import CHUNK, MissingContent, store
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.access.services import add_reader, open_guard
from chancery.kernel.records.archive.models import ArchivalItem, ItemPart
from chancery.kernel.records.archive.queries import catalogue_guard
from chancery.kernel.records.archive.terms import KEEPS, SEARCH_KIND, ItemState
from chancery.kernel.records.fileplan.models import FilePlan, Fonds, PlanClass, RetentionPeriod
from chancery.kernel.records.fileplan.terms import PlanState
from chancery.kernel.records.files.services import store_file
from chancery.kernel.records.markings.services import demand_unmarked
from chancery.kernel.records.packages import queries, rules
from chancery.kernel.records.packages.bags.rules import Bag, BagWriter, PackageRefused
from chancery.kernel.records.packages.finding_aid import rules as finding_aid
from chancery.kernel.records.packages.models import TakenPackage
from chancery.kernel.records.packages.preservation import rules as preservation
from chancery.kernel.records.packages.terms import AID, PRESERVATION, PROFILE, Built, Contents, ItemFact
from chancery.kernel.records.search.services import index_many
from chancery.kernel.records.search.terms import Entry

RECEIVED = "received"  # kind of an item that came in a package


class DamagedPart(Refused):
    """A file of an item is not what it was when it was stored; nothing was packed."""


@service
def build_package(
    *,
    item_ids: Collection[int],
    to: IO[bytes],
    purpose: str = "",
    reference: str = "",
    organization: str = "",
    algorithms: Iterable[str] = ("sha256",),
    by: Actor,
    at: dt.datetime,
) -> Built:
    """Write a package of items of one fonds, in the order of their codes, to a file open for writing and reading.

    Every file is hashed while it is packed: one that is damaged or missing in the store stops it (`DamagedPart`).
    """
    items = list(
        ArchivalItem.objects.filter(pk__in=item_ids)
        .select_related("fonds", "fonds__keeper_unit", "plan_class")
        .order_by("category", "year", "period", "unit_code", "item_number", "id")
    )
    rules.may_make(by, items, len(set(item_ids))).demand()
    contents, files = queries.contents_of(
        items, organization=organization or by.body_name, reference=reference, purpose=purpose, at=at
    )
    base = _base_name(reference or contents.fonds.code, at)
    writer = BagWriter(to, base, algorithms)
    for item in contents.items:
        for part in item.parts:
            _pack(writer, part.path, files[part.path].sha256, item)
    writer.add(AID, _stream(finding_aid.written(contents)))
    writer.add(PRESERVATION, _stream(preservation.written(contents)))
    writer.close(
        [
            ("Source-Organization", contents.organization),
            ("External-Identifier", reference),
            ("External-Description", purpose),
            ("Bagging-Date", clock.date_of(at).isoformat()),
            ("BagIt-Profile-Identifier", PROFILE),
        ]
    )
    built = Built(f"{base}.zip", *_measured(to), len(items), len(files))
    journal.write_many(
        act="item.packed",
        lines=[
            journal.Line(
                f"records.archivalitem:{item.pk}",
                {"package": built.name, "sha256": built.sha256, "purpose": purpose},
                item.guard_id,
                item.label,
            )
            for item in items
        ],
        by=by,
        at=at,
    )
    return built


def _pack(writer: BagWriter, path: str, sha256: str, item: ItemFact) -> None:
    shown = {"code": item.code, "path": path}
    try:
        with store().open(sha256) as content:
            found = writer.add(path, content)
    except (MissingContent, OSError):
        raise DamagedPart(
            _("A file of %(code)s is missing in the store: %(path)s. Start a storage check.") % shown
        ) from None
    if found != sha256:
        raise DamagedPart(_("A file of %(code)s is damaged in the store: %(path)s. Start a storage check.") % shown)


def _stream(content: bytes) -> IO[bytes]:
    import io

    return io.BytesIO(content)


def _measured(made: IO[bytes]) -> tuple[str, int]:
    made.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := made.read(CHUNK):
        digest.update(piece)
        size += len(piece)
    made.seek(0)
    return digest.hexdigest(), size


def _base_name(words: str, at: dt.datetime) -> str:
    """A folder's name that every system can write."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", unicodedata.normalize("NFKD", words)).strip("-")[:60]
    return f"{plain or 'package'}-{clock.date_of(at):%Y%m%d}"


# --- In ---------------------------------------------------------------------------------------------------------------
@service
def import_package(*, source: IO[bytes], name: str = "", by: Actor, at: dt.datetime) -> TakenPackage:
    """Take the items of a package into the archive of the actor's unit: all of them, or none.

    `PackageRefused` names what is wrong and in which part. Every check is made before a row is written; a file that
    turns out not to be keepable (`FileRefused`, `SecretMarking`) undoes the rest.
    """
    rules.may_take_in(by).demand()
    most = int(rulebook.number("archive.package.max", on=clock.date_of(at))) * 1_000_000
    bag, said = queries.read_package(source, most_bytes=most)
    demand_unmarked(texts={"package": _texts(said, bag.info)}, where="package", by=by, at=at)
    with acting_as(SYSTEM):
        here, before = queries.codes_here(item.code for item in said.items), queries.taken(bag.manifest)
    if before is not None:
        raise rules.PackageTaken(_("This package was taken in already."))
    rules.may_be_taken(by, said, here, clock.date_of(at)).demand()
    fonds, classes = _fonds(said, by, at)
    guards = {label: _guard(label, fonds, by, at) for label in sorted({item.label for item in said.items})}
    try:
        with transaction.atomic():
            taken = _package(bag, said, source, fonds, guards, name, by, at)
            ids = _items(said, fonds, classes, guards, by, at)
    except IntegrityError:
        raise rules.PackageTaken(_("Somebody has just taken in the same codes.")) from None
    for item in said.items:
        _keep_parts(item, ids[item.code], guards[item.label][0], bag, by, at)
    ArchivalItem.objects.filter(pk__in=list(ids.values())).update(state=ItemState.HELD, held_at=at)
    _tell(said, ids, guards, taken, by, at)
    return taken


def _texts(said: Contents, info: Mapping[str, str]) -> str:
    """Everything in the package that is words, one a line, so that no marking hides in a description."""
    words: list[str] = [said.fonds.name_en, said.fonds.name_zh, said.fonds.history, said.organization, *info.values()]
    words += [one.name for one in said.classes]
    for item in said.items:
        words += [item.title, item.author, item.document_number, item.note, item.matter_number, item.unit_code]
        words += [word for part in item.parts for word in (part.title, part.name)]
    words += [word for event in said.events for word in (event.detail, event.agent, event.outcome)]
    return "\n".join(words)


def _fonds(said: Contents, by: Actor, at: dt.datetime) -> tuple[Fonds, dict[str, PlanClass]]:
    """The fonds of the package: the one that earlier packages brought, or a new one, with its schedule as received."""
    keeper = by.body_id or 0  # the rule has asked for a post
    with acting_as(SYSTEM):
        found = Fonds.objects.select_for_update().filter(code=said.fonds.code).first()
        if found is not None and not TakenPackage.objects.filter(fonds=found).exists():
            raise PackageRefused(
                _("The fonds %(code)s is the house's own: what belongs to it is filed, not taken in.")
                % {"code": found.code},
                part=AID,
            )
        fonds = found or Fonds.objects.create(
            code=said.fonds.code,
            name_en=(said.fonds.name_en or said.fonds.name_zh)[:200],
            name_zh=(said.fonds.name_zh or said.fonds.name_en)[:200],
            unit_id=keeper,
            keeper_unit_id=keeper,
            history_zh=said.fonds.history,
            begun_on=said.fonds.begun_on,
        )
        if fonds.keeper_unit_id != by.body_id:
            raise PackageRefused(_("The fonds %(code)s is kept by another unit.") % {"code": fonds.code}, part=AID)
        latest = min(max(item.dated_on for item in said.items), clock.date_of(at) - dt.timedelta(days=1))
        # Nothing is filed into it here, so it is a closed fonds from its last day on.
        fonds.closed_on = max(filter(None, (fonds.closed_on, latest, fonds.begun_on)))
        fonds.save(update_fields=["closed_on"])
        return fonds, _schedule(fonds, said, at)


def _schedule(fonds: Fonds, said: Contents, at: dt.datetime) -> dict[str, PlanClass]:
    plan = FilePlan.objects.filter(fonds=fonds, state=PlanState.APPROVED).order_by("number").first()
    plan = plan or FilePlan.objects.create(
        fonds=fonds,
        number=1,
        profile=settings.PROFILE,
        state=PlanState.APPROVED,
        note="As received / 随包接收",
        valid_from=fonds.begun_on,
        made_at=at,
        approved_at=at,
    )
    known = dict(RetentionPeriod.objects.filter(plan=plan).values_list("code", "years"))
    for code, years in said.periods.items():
        if code not in known:
            RetentionPeriod.objects.create(plan=plan, code=code, name_en=code, name_zh=code, years=years)
        elif known[code] != years:
            shown = {"code": code}
            raise PackageRefused(_("The period %(code)s means something else in earlier packages.") % shown, part=AID)
    classes = {row.code: row for row in PlanClass.objects.filter(plan=plan)}
    for item_class in {item.class_code for item in said.items}:
        for one in rules.path_to(item_class, said.classes):
            if one.code not in classes:
                classes[one.code] = PlanClass.objects.create(
                    plan=plan,
                    parent=classes.get(one.parent),
                    code=one.code,
                    position=len(classes),
                    name_en=one.name[:300],
                    name_zh=one.name[:300],
                    period=one.period,
                    is_open=False,
                )
            elif one.period and classes[one.code].period != one.period:
                shown = {"code": one.code}
                raise PackageRefused(_("The class %(code)s has another period in earlier packages.") % shown, part=AID)
    return classes


def _guard(label: str, fonds: Fonds, by: Actor, at: dt.datetime) -> tuple[int, int]:
    """(of the files, of the catalogue's line) for items of a label."""
    level = Clearance[label]
    content = open_guard(unit_id=fonds.keeper_unit_id, label=level, by=by, at=at).pk
    add_reader(guard_id=content, role="archivist", unit_id=fonds.keeper_unit_id, how=KEEPS, by=by, at=at)
    return content, catalogue_guard(fonds.pk, level) if level <= Clearance.INTERNAL else content


def _package(
    bag: Bag,
    said: Contents,
    source: IO[bytes],
    fonds: Fonds,
    guards: Mapping[str, tuple[int, int]],
    name: str,
    by: Actor,
    at: dt.datetime,
) -> TakenPackage:
    sha256, size = _measured(source)
    codes = [item.code for item in said.items]
    taken = TakenPackage.objects.create(
        guard_id=guards[max(guards, key=lambda label: Clearance[label])][0],
        fonds=fonds,
        name=(name or "package.zip")[-200:],
        sha256=sha256,
        manifest=bag.manifest,
        size=size,
        organization=said.organization[:200],
        reference=said.reference[:120],
        items=len(codes),
        files=sum(len(item.parts) for item in said.items),
        first_code=codes[0],
        last_code=codes[-1],
        taken_at=at,
        taken_person_id=by.person_id,
    )
    data = {"sha256": sha256, "items": taken.items, "files": taken.files, "fonds": fonds.code}
    journal.write(by=by, at=at, act="package.taken_in", on=taken, data=data)
    return taken


def _items(
    said: Contents,
    fonds: Fonds,
    classes: Mapping[str, PlanClass],
    guards: Mapping[str, tuple[int, int]],
    by: Actor,
    at: dt.datetime,
) -> dict[str, int]:
    """Numbers and rows of all items; their keys by code."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('records_archivalitem_id_seq') from generate_series(1, %s)", [len(said.items)])
        ids = {item.code: int(row[0]) for item, row in zip(said.items, cursor.fetchall(), strict=True)}
        columns = (
            [item.year for item in said.items],
            [item.number for item in said.items],
            [item.code for item in said.items],
            [f"records.archivalitem:{ids[item.code]}" for item in said.items],
            [guards[item.label][1] for item in said.items],
        )
        cursor.execute("select * from records_take_numbers(%s, %s, %s, %s, %s, %s, %s)", [fonds.pk, *columns, at])
        numbers = {text: int(number_id) for number_id, text in cursor.fetchall()}
    ArchivalItem.objects.bulk_create(
        [
            ArchivalItem(
                pk=ids[item.code],
                guard_id=guards[item.label][1],
                content_guard_id=guards[item.label][0],
                fonds=fonds,
                plan_class=classes[item.class_code],
                number_id=numbers[item.code],
                code=item.code,
                category=item.category,
                class_code=item.class_code,
                year=item.year,
                period=item.period,
                unit_id=fonds.keeper_unit_id,
                unit_code=item.unit_code,
                item_number=item.number,
                title=item.title,
                author=item.author[:200],
                document_number=item.document_number[:120],
                dated_on=item.dated_on,
                page_count=item.page_count,
                label=Clearance[item.label],
                note=item.note,
                kind=RECEIVED,
                matter_number=item.matter_number[:60],
                carrier=item.carrier,
                filed_at=at,
                filed_person_id=by.person_id,
                filed_post_id=by.post_id,
                retain_from=dt.date(item.year + 1, 1, 1),
                retain_until=_until(item, said),
                opens_on=item.opens_on,
            )
            for item in said.items
        ]
    )
    return ids


def _until(item: ItemFact, said: Contents) -> dt.date | None:
    years = said.periods[item.period]
    return None if years is None else dt.date(item.year + years, 12, 31)


def _keep_parts(item: ItemFact, item_id: int, guard_id: int, bag: Bag, by: Actor, at: dt.datetime) -> None:
    for place, part in enumerate(item.parts):
        with bag.open(part.path) as content:
            stored = store_file(
                guard_id=guard_id,
                name=part.name,
                content=content,
                owner=f"records.archivalitem:{item_id}",
                by=by,
                at=at,
            )
        if stored.sha256 != part.sha256:  # the package was changed under our hands
            raise PackageRefused(
                _("A part of the package was changed on its way: %(name)s.") % {"name": part.path}, part=part.path
            )
        ItemPart.objects.create(
            item_id=item_id,
            file=stored,
            role=part.role,
            position=place,
            title=part.title[:300],
            page_count=stored.pages,
        )


def _tell(
    said: Contents,
    ids: Mapping[str, int],
    guards: Mapping[str, tuple[int, int]],
    taken: TakenPackage,
    by: Actor,
    at: dt.datetime,
) -> None:
    index_many(
        entries=[
            Entry(
                guard_id=guards[item.label][1],
                kind=SEARCH_KIND,
                subject=f"records.archivalitem:{ids[item.code]}",
                dated=item.dated_on,
                title_en=item.title,
                title_zh=item.title,
                body=" ".join(filter(None, (item.code, item.document_number, item.author, item.matter_number))),
                unit_id=by.body_id,
                label=Clearance[item.label],
                class_code=item.class_code,
                state=ItemState.HELD,
            )
            for item in said.items
        ],
        by=by,
        at=at,
    )
    journal.write_many(
        act="item.taken_in",
        lines=[
            journal.Line(
                f"records.archivalitem:{ids[item.code]}",
                {"package": taken.name, "sha256": taken.sha256, "from": taken.organization},
                guards[item.label][1],
                Clearance[item.label],
            )
            for item in said.items
        ],
        by=by,
        at=at,
    )
