"""Whatever was done to a package is refused and named; what is sound comes in whole, or not at all."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import stat
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancery.foundations.actor import SYSTEM, Clearance
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.guards.models import Guard
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.markings.rules import SecretMarking
from chancery.kernel.records.models import ArchivalItem, Fonds, ItemPart, StoredFile, TakenPackage
from chancery.kernel.records.packages import queries, services
from chancery.kernel.records.packages.bags.rules import PackageRefused
from chancery.kernel.records.packages.tests.bagged import (
    AID,
    OUTER,
    PREMIS,
    TAGS,
    Parts,
    changed,
    manifest,
    of_another,
    some,
    tagged,
    zipped,
)

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)

FIRST = "data/items/0001/01.txt"


@pytest.fixture
def parts(cast: Cast) -> Parts:
    return of_another(cast, some(cast, 2))


def take(cast: Cast, package: Any, by: str = "archivist") -> TakenPackage:
    source = package if isinstance(package, io.BytesIO) else zipped(package)
    return services.import_package(source=source, name="x.zip", by=cast[by], at=NOON)


def count() -> tuple[int, ...]:
    with acting_as(SYSTEM):
        return tuple(
            model.objects.count() for model in (ArchivalItem, ItemPart, StoredFile, Fonds, TakenPackage, Guard)
        )


def refused(cast: Cast, package: Any, match: str, kind: type[Refused] = PackageRefused) -> Refused:
    before = count()
    with pytest.raises(kind, match=match) as caught:
        take(cast, package)
    assert count() == before  # nothing half-imported
    return caught.value


# --- Sound ------------------------------------------------------------------------------------------------------------
def test_items_of_another_fonds_come_in_as_held_with_guards_of_their_own(cast: Cast, parts: Parts) -> None:
    taken = take(cast, parts)
    with acting_as(cast.archivist):
        items = list(ArchivalItem.objects.filter(fonds__code="X777").order_by("code"))
        assert [item.state for item in items] == ["HELD", "HELD"]
        assert {item.kind for item in items} == {"received"}
        assert all(item.code.startswith("X777") and item.number.text == item.code for item in items)
        held = ItemPart.objects.get(item=items[0]).file
        with queries_open(held) as content:
            assert content.read() == parts[FIRST]
        assert journal.history(items[0])[-1]["act"] == "item.taken_in"
    assert (taken.items, taken.files, taken.organization) == (2, 2, "Sample Federation")
    with acting_as(cast.outsider):
        # All staff know the line of an ordinary item; its files are the archive's.
        assert ArchivalItem.objects.filter(fonds__code="X777").count() == 2
        assert ItemPart.objects.filter(item__fonds__code="X777").count() == 0


def queries_open(file: StoredFile) -> Any:
    from chancery.kernel.records.queries import open_file

    return open_file(file)


def test_restricted_items_are_known_to_the_archive_alone(cast: Cast) -> None:
    take(cast, of_another(cast, filed(cast, label=Clearance.RESTRICTED)))
    with acting_as(cast.outsider):
        assert not ArchivalItem.objects.filter(fonds__code="X777").exists()
    with acting_as(cast.archivist):
        assert ArchivalItem.objects.get(fonds__code="X777").label == Clearance.RESTRICTED


def test_a_second_package_goes_into_the_same_fonds(cast: Cast, parts: Parts) -> None:
    take(cast, parts)
    take(cast, of_another(cast, some(cast, 2)))
    with acting_as(SYSTEM):
        assert Fonds.objects.filter(code="X777").count() == 1
        assert ArchivalItem.objects.filter(fonds__code="X777").count() == 4


# --- Here already, not for him ----------------------------------------------------------------------------------------
def test_the_same_package_is_not_taken_in_twice(cast: Cast, parts: Parts) -> None:
    take(cast, parts)
    refused(cast, parts, "taken in already")


def test_codes_that_are_here_are_refused(cast: Cast, parts: Parts) -> None:
    take(cast, parts)
    again = changed(parts, "bag-info.txt", lambda held: held + b"Contact-Name: somebody\n")
    again = changed(again, AID, lambda held: held.replace(b"General Office", b"Other Office"))
    refused(cast, again, "here already: X777")


def test_the_house_own_fonds_is_filed_not_taken_in(cast: Cast) -> None:
    items = some(cast)
    own = items[0].fonds.code
    parts = of_another(cast, items, fonds=own)
    for name in (AID, PREMIS):
        for item in items:
            parts[name] = parts[name].replace(item.code.encode(), f"{own}-OLD-{item.item_number}".encode())
    refused(cast, tagged(parts), "house's own")


def test_only_archivists_take_packages_in(cast: Cast, parts: Parts) -> None:
    with pytest.raises(Refused, match="Archivist"):
        take(cast, parts, by="registrar")


def test_what_is_above_the_takers_clearance_is_refused(cast: Cast, parts: Parts) -> None:
    above = changed(parts, AID, lambda held: held.replace(b">INTERNAL<", b">CONFIDENTIAL<"))
    refused(cast, above, "above your own clearance", Refused)


# --- State secrets ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [AID, PREMIS])
def test_a_marking_in_a_description_is_refused(cast: Cast, parts: Parts, name: str) -> None:
    old = b"General Office" if name == AID else b"text.txt</originalName>"
    new = "机密★20年".encode() if name == AID else "机密★20年.txt</originalName>".encode()
    refused(cast, changed(parts, name, lambda held: held.replace(old, new)), "state-secret marking", SecretMarking)


def test_a_marking_in_a_file_is_refused(cast: Cast, parts: Parts) -> None:
    secret = "绝密★30年\n".encode()
    refused(cast, with_content(parts, FIRST, secret), "state-secret marking", SecretMarking)


def with_content(parts: Parts, path: str, content: bytes) -> Parts:
    """A file replaced, and both descriptions made to fit it."""
    import hashlib

    old, new = (hashlib.sha256(one).hexdigest().encode() for one in (parts[path], content))
    size = (f"<size>{len(parts[path])}</size>".encode(), f"<size>{len(content)}</size>".encode())
    other = {AID: parts[AID].replace(old, new), PREMIS: parts[PREMIS].replace(old, new)}
    before, _mark, after = other[PREMIS].partition(new)
    other[PREMIS] = before + new + after.replace(size[0], size[1], 1)
    return tagged({**parts, **other, path: content})


# --- Hostile zips -----------------------------------------------------------------------------------------------------
def raw(parts: Parts, more: Callable[[zipfile.ZipFile], None]) -> io.BytesIO:
    out = zipped(parts)
    with zipfile.ZipFile(out, "a") as bag:
        more(bag)
    out.seek(0)
    return out


def link(bag: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("package/data/items/0009/01.txt")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    bag.writestr(entry, "/etc/passwd")


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("package/../../evil.txt", "one folder of its own"),
        ("/package/data/x", "one folder of its own"),
        ("other/data/x", "one folder of its own"),
        ("package\\data\\x", "one folder of its own"),
        ("package/data/items/0001/run.sh", "does not belong there"),
        ("package/fetch.txt", "does not belong there"),
        ("package/data/items/0009/01.txt", "do not name the same parts"),
        ("package/data/items/0001/01.TXT", "same name"),
        ("package/BagIt.txt", "same name"),
        ("package/manifest-md5.txt", "does not belong there"),
        ("package/data/items/hidden/", "does not belong there"),
    ],
)
def test_names_that_may_not_be_there_are_refused(cast: Cast, parts: Parts, name: str, match: str) -> None:
    refusal = refused(cast, raw(parts, lambda bag: bag.writestr(name, b"x")), match)
    assert isinstance(refusal, PackageRefused)
    assert refusal.part


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_doubles_links_bombs_and_locks_are_refused(cast: Cast, parts: Parts) -> None:
    refused(cast, raw(parts, lambda bag: bag.writestr(f"package/{FIRST}", b"x")), "same name")
    refused(cast, raw(parts, link), "holds a link")

    def bomb(bag: zipfile.ZipFile) -> None:
        bag.writestr("package/data/items/0009/01.txt", b"\0" * 5_000_000, zipfile.ZIP_DEFLATED)

    refused(cast, raw(parts, bomb), "unpacks to far more")
    locked = bytearray(zipped(parts).getvalue())
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1  # the flag in the directory
    refused(cast, io.BytesIO(bytes(locked)), "encrypted")
    refused(cast, io.BytesIO(b"no zip at all"), "not a sound zip")
    refused(cast, io.BytesIO(zipped(parts).getvalue()[:-200]), "not a sound zip")


def test_too_large_a_package_is_refused(parts: Parts) -> None:
    with pytest.raises(PackageRefused, match="larger than"):
        queries.read_package(zipped(parts), most_bytes=1000)


def test_too_many_entries_are_refused(cast: Cast, parts: Parts, monkeypatch: Any) -> None:
    monkeypatch.setattr(queries, "LAYOUT", dataclasses.replace(queries.LAYOUT, most_entries=3))
    refused(cast, parts, "no file, or too many")


# --- Lists and descriptions -------------------------------------------------------------------------------------------
def test_each_missing_part_is_named(cast: Cast, parts: Parts) -> None:
    for name in (*TAGS, OUTER):
        less = {path: held for path, held in parts.items() if path != name}
        assert refused(cast, less, "missing|BagIt 1.0|do not name").part in {name, "manifest-sha256.txt", OUTER}  # type: ignore[attr-defined]  # a PackageRefused
    for name in (AID, PREMIS, FIRST):
        less = tagged({path: held for path, held in parts.items() if path != name})
        assert refused(cast, less, "missing|same files").part == name  # type: ignore[attr-defined]  # a PackageRefused


def test_a_wrong_count_is_refused(cast: Cast, parts: Parts) -> None:
    refused(cast, tagged(parts, oxum="1.1"), "Payload-Oxum")


def test_another_profile_is_refused(cast: Cast, parts: Parts) -> None:
    other = changed(parts, "bag-info.txt", lambda held: held.replace(b"urn:chancery:archive:1", b"urn:other"))
    refused(cast, other, "another profile")


def test_a_manifest_of_other_hashes_is_refused(cast: Cast, parts: Parts) -> None:
    payload = {name: held for name, held in parts.items() if name.startswith("data/")}
    lying = {**parts, "manifest-sha256.txt": manifest({**payload, FIRST: b"other"})}
    lying[OUTER] = manifest({name: lying[name] for name in TAGS})
    assert refused(cast, lying, "changed on its way").part == FIRST  # type: ignore[attr-defined]  # a PackageRefused


@pytest.mark.parametrize("name", [AID, PREMIS])
@pytest.mark.parametrize(
    ("change", "match"),
    [
        (
            lambda held: held.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1),
            "document type",
        ),
        (lambda held: held[: len(held) // 2], "not sound XML"),
        (lambda held: b"<odd/>", "does not follow its schema"),
    ],
)
def test_xml_that_is_hostile_or_wrong_is_refused(
    cast: Cast, parts: Parts, name: str, change: Callable[[bytes], bytes], match: str
) -> None:
    assert refused(cast, changed(parts, name, change), match).part == name  # type: ignore[attr-defined]  # a PackageRefused


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        (b">INTERNAL<", b">SECRET<", "label that is not known"),
        (b'standarddate="2026-03-02">2026-03-02', b'standarddate="2026-02-31">2026-02-31', "does not exist"),
        (b'standarddate="2026-03-02">2026-03-02', b'standarddate="2036-03-02">2036-03-02', "dated in the future"),
        (b'localtype="year">\n', b'localtype="month">\n', "does not say its year"),
        (b">DIGITAL<", b">STONE<", "carrier"),
    ],
)
def test_facts_that_cannot_be_are_refused(cast: Cast, parts: Parts, old: bytes, new: bytes, match: str) -> None:
    assert old in parts[AID]
    refused(cast, changed(parts, AID, lambda held: held.replace(old, new)), match, Refused)


def test_a_shorter_period_than_the_class_has_is_refused(cast: Cast, parts: Parts) -> None:
    def shorten(held: bytes) -> bytes:
        return held.replace(b"</defitem>", b"</defitem><defitem><label>A1</label><item>1</item></defitem>", 1).replace(
            b"</accessrestrict>", b"</accessrestrict><!-- -->", 1
        )

    period = filed_period(parts)
    text = shorten(parts[AID]).decode()
    head, mark, tail = text.partition("<accessrestrict")
    tail = tail.replace(f"<p>{period}</p>", "<p>A1</p>", 1)
    refused(cast, changed(parts, AID, lambda _held: (head + mark + tail).encode()), "shorter period")


def filed_period(parts: Parts) -> str:
    _bag, said = queries.read_package(zipped(parts), most_bytes=10**8)
    return said.items[0].period


def test_a_file_that_may_not_be_kept_undoes_the_rest(cast: Cast, parts: Parts) -> None:
    other = with_content(parts, "data/items/0002/01.txt", b"\x7fELF\x02\x01\x01" + b"\0" * 60)
    refused(cast, other, "not kept|does not fit|no encoding", Refused)


# --- Any byte ---------------------------------------------------------------------------------------------------------
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_flipped_byte_in_any_part_is_refused(parts: Parts, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(parts)))
    place = data.draw(st.integers(0, len(parts[name]) - 1))
    mask = data.draw(st.integers(1, 255))
    held = bytearray(parts[name])
    held[place] ^= mask
    with pytest.raises(PackageRefused):
        queries.read_package(zipped({**parts, name: bytes(held)}), most_bytes=10**8)
