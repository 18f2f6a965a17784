"""Packages for tests: made by the service, and rewritten by hand as somebody else's, or as an enemy's."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.packages import services

if TYPE_CHECKING:
    from chancery.demo.cast import Cast
    from chancery.kernel.records.models import ArchivalItem

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)

Parts = dict[str, bytes]
TAGS = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")
OUTER = "tagmanifest-sha256.txt"
AID, PREMIS = "data/metadata/ead3.xml", "data/metadata/premis.xml"


def built(cast: Cast, items: Iterable[ArchivalItem]) -> bytes:
    """The package of items, made by the archivist."""
    out = io.BytesIO()
    with acting_as(cast.archivist), transaction.atomic():
        services.build_package(
            item_ids=[item.pk for item in items],
            to=out,
            purpose="Test",
            reference="T-1",
            organization="Sample Federation",
            by=cast.archivist,
            at=NOON,
        )
    return out.getvalue()


def opened(package: bytes) -> Parts:
    """Content by path below the one folder."""
    with zipfile.ZipFile(io.BytesIO(package)) as bag:
        return {name.partition("/")[2]: bag.read(name) for name in bag.namelist()}


def manifest(parts: Parts) -> bytes:
    return "".join(f"{hashlib.sha256(held).hexdigest()}  {name}\n" for name, held in sorted(parts.items())).encode()


def tagged(parts: Parts, oxum: str = "") -> Parts:
    """The parts with manifests and count reckoned anew."""
    payload = {name: held for name, held in parts.items() if name.startswith("data/")}
    octets = sum(len(held) for held in payload.values())
    lines = [line for line in parts["bag-info.txt"].decode().splitlines() if not line.startswith("Payload-Oxum")]
    info = "\n".join([*lines, f"Payload-Oxum: {oxum or f'{octets}.{len(payload)}'}"]) + "\n"
    tags = {"bagit.txt": parts["bagit.txt"], "bag-info.txt": info.encode(), "manifest-sha256.txt": manifest(payload)}
    return {**payload, **tags, OUTER: manifest(tags)}


def zipped(parts: Parts, base: str = "package/") -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bag:
        for name, held in parts.items():
            bag.writestr(f"{base}{name}", held)
    out.seek(0)
    return out


def changed(parts: Parts, name: str, change: Callable[[bytes], bytes]) -> Parts:
    """One part changed, all lists reckoned anew."""
    return tagged({**parts, name: change(parts[name])})


def of_another(cast: Cast, items: Iterable[ArchivalItem], fonds: str = "X777") -> Parts:
    """A sound package, as another archive with another fonds would have made it."""
    parts = opened(built(cast, items))
    items = list(items)
    own = items[0].fonds.code
    for name in (AID, PREMIS):
        text = parts[name].decode()
        for item in items:
            text = text.replace(item.code, fonds + item.code.removeprefix(own))
        parts[name] = text.replace(f"<unitid>{own}</unitid>", f"<unitid>{fonds}</unitid>").encode()
    return tagged(parts)


def some(cast: Cast, n: int = 2) -> list[ArchivalItem]:
    """Items to pack."""
    return filed(cast, n)
