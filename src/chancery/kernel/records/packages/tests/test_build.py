"""A package holds what it says: the bagit library finds it valid, its XML follows the published schemas."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import bagit
import pytest
from django.db import transaction
from lxml import etree

from chancery.foundations.actor import SYSTEM, Clearance
from chancery.foundations.content_store import DiskStore, store
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.models import ItemPart
from chancery.kernel.records.packages import queries, services
from chancery.kernel.records.packages.tests.bagged import AID, PREMIS, built, opened, some

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)

# The published schemas state no licence, so they are not kept here: where they are at hand, they are the judge.
SCHEMAS = Path(os.environ.get("CHANCERY_SCHEMAS") or Path(__file__).parents[6].parent / "shared/schemas")
PUBLISHED = [
    (name, schema) for name, schema in ((AID, "ead3.xsd"), (PREMIS, "premis.xsd")) if (SCHEMAS / schema).is_file()
]


def test_the_bagit_library_finds_the_package_valid(cast: Cast, tmp_path: Path) -> None:
    package = built(cast, some(cast, 3))
    with zipfile.ZipFile(io.BytesIO(package)) as made:
        made.extractall(tmp_path)
    [folder] = tmp_path.glob("T-1-*")
    bag = bagit.Bag(str(folder))
    bag.validate()
    assert bag.version == "1.0"
    assert bag.info["Source-Organization"] == "Sample Federation"
    assert len([name for name in bag.payload_entries() if name.startswith("data/items/")]) == 3


def test_a_package_with_both_hashes_is_valid_too(cast: Cast, tmp_path: Path) -> None:
    items, out = some(cast, 2), io.BytesIO()
    with acting_as(cast.archivist), transaction.atomic():
        services.build_package(
            item_ids=[i.pk for i in items], to=out, algorithms=("sha256", "sha512"), by=cast.archivist, at=NOON
        )
        queries.read_package(out, most_bytes=10**8)
    with zipfile.ZipFile(out) as made:
        made.extractall(tmp_path)
    [folder] = tmp_path.glob("*-2026*")
    bag = bagit.Bag(str(folder))
    assert sorted(bag.algorithms) == ["sha256", "sha512"]
    bag.validate()


def test_the_descriptions_follow_the_published_schemas(cast: Cast) -> None:
    parts = opened(built(cast, some(cast, 3)))
    assert [etree.QName(etree.fromstring(parts[name]).tag).localname for name in (AID, PREMIS)] == ["ead", "premis"]
    for name, schema in PUBLISHED:
        law = etree.XMLSchema(etree.parse(str(SCHEMAS / schema)))
        law.assertValid(etree.fromstring(parts[name]))


def test_what_is_read_back_is_what_was_packed(cast: Cast) -> None:
    items = filed(cast, 2, title="第{n}号通知 <&>", note="two\nlines", matter_number="M-7", page_count=4)
    package = built(cast, items)
    bag, said = queries.read_package(io.BytesIO(package), most_bytes=10**8)
    assert [(one.code, one.title, one.period, one.year, one.page_count) for one in said.items] == [
        (i.code, i.title, i.period, i.year, i.page_count) for i in items
    ]
    assert {(one.matter_number, one.note, one.label, one.carrier) for one in said.items} == {
        ("M-7", "two\nlines", "INTERNAL", "DIGITAL")
    }
    with acting_as(SYSTEM):
        stored = list(ItemPart.objects.filter(item__in=items).order_by("item", "position").select_related("file"))
    parts = [part for one in said.items for part in one.parts]
    assert [(p.sha256, p.size, p.name, p.media_type) for p in parts] == [
        (s.file.sha256, s.file.size, s.file.name, s.file.media_type) for s in stored
    ]
    assert {event.kind for event in said.events} >= {"filing", "capture"}
    assert bag.info["External-Identifier"] == "T-1"
    assert said.fonds.code == items[0].fonds.code


def test_that_it_was_packed_stands_in_the_history_of_each_item(cast: Cast) -> None:
    items = some(cast)
    built(cast, items)
    with acting_as(SYSTEM):
        assert [journal.history(item)[-1]["act"] for item in items] == ["item.packed", "item.packed"]


def test_a_damaged_file_is_not_packed(cast: Cast) -> None:
    items = some(cast)
    with acting_as(SYSTEM):
        sha256 = ItemPart.objects.filter(item=items[0]).values_list("file__sha256", flat=True)[0]
    kept = store()
    assert isinstance(kept, DiskStore)
    place = kept.path(sha256)
    place.chmod(0o640)
    place.write_bytes(b"something else")
    with pytest.raises(services.DamagedPart, match="is damaged in the store"):
        built(cast, items)
    place.unlink()
    with pytest.raises(services.DamagedPart, match="is missing in the store"):
        built(cast, items)


def test_only_an_archivist_packs_and_only_what_he_may_know(cast: Cast) -> None:
    items = some(cast)
    with pytest.raises(Refused, match="Archivist"):
        services.build_package(item_ids=[i.pk for i in items], to=io.BytesIO(), by=cast.handler, at=NOON)
    [hidden] = filed(cast, label=Clearance.CONFIDENTIAL, by=cast.office_head)
    with pytest.raises(Refused, match="no such item"):
        services.build_package(item_ids=[hidden.pk], to=io.BytesIO(), by=cast.archivist, at=NOON)
    with pytest.raises(Refused, match="no such item"):
        services.build_package(item_ids=[], to=io.BytesIO(), by=cast.archivist, at=NOON)
