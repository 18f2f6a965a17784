"""A bag in a zip, written as a stream, and read with every check before anything is believed. Pure: no database.

Nothing is unpacked; the name of an entry is compared with what may be there and used for nothing else.
"""

from __future__ import annotations

import hashlib
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from chancery.foundations.verdict import Refused

BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
BAG_FILE, BAG_INFO = "bagit.txt", "bag-info.txt"
ALGORITHMS = ("sha256", "sha512")
MANIFEST, TAG_MANIFEST = "manifest-{}.txt", "tagmanifest-{}.txt"
TAG_NAMES = {
    BAG_FILE,
    BAG_INFO,
    *(MANIFEST.format(a) for a in ALGORITHMS),
    *(TAG_MANIFEST.format(a) for a in ALGORITHMS),
}

MOST_ENTRIES = 20_000
LARGEST_TAG = 16_000_000  # bytes of a tag file or a description
HIGHEST_RATIO = 120  # unpacked to packed; deflate reaches about 1000 only on purpose
CHUNK = 1024 * 1024

_STAMP = (2020, 1, 1, 0, 0, 0)
_LINE = re.compile(r"([0-9a-f]{64}|[0-9a-f]{128})  (data/[^\r\n]{1,300}|[a-z0-9.-]{1,60})")
_OXUM = re.compile(r"^Payload-Oxum: (\d{1,15})\.(\d{1,6})$", re.MULTILINE)


class PackageRefused(Refused):
    """The package is not taken in, why, and which part of it is at fault. Nothing of it is kept."""

    def __init__(self, reason: str, *, part: str = "") -> None:
        super().__init__(reason, field="package")
        self.part = part


# --- Writing ----------------------------------------------------------------------------------------------------------
class BagWriter:
    """Writes a bag entry by entry, and its manifests at the end.

    Entries are stored, not deflated: what an office keeps is packed already, and a reader needs no more than to read.
    """

    def __init__(self, out: IO[bytes], base: str, algorithms: Iterable[str] = ("sha256",)) -> None:
        self.zip = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED)
        self.base, self.algorithms = base, tuple(algorithms)
        self.hashes: dict[str, dict[str, str]] = {algorithm: {} for algorithm in self.algorithms}
        self.octets = 0

    def add(self, path: str, content: IO[bytes]) -> str:
        """One file of the payload, in pieces; its SHA-256."""
        digests = {name: hashlib.new(name) for name in {"sha256", *self.algorithms}}
        with self.zip.open(self._entry(path), "w", force_zip64=True) as inside:
            while piece := content.read(CHUNK):
                self.octets += len(piece)
                inside.write(piece)
                for digest in digests.values():
                    digest.update(piece)
        for name in self.algorithms:
            self.hashes[name][path] = digests[name].hexdigest()
        return digests["sha256"].hexdigest()

    def close(self, info: Iterable[tuple[str, str]]) -> None:
        """The tag files; `info` is what bag-info.txt says beside the count."""
        count = len(self.hashes[self.algorithms[0]])
        said = [*info, ("Payload-Oxum", f"{self.octets}.{count}")]
        tags = {
            BAG_FILE: BAGIT.encode(),
            BAG_INFO: "".join(f"{name}: {' '.join(value.split())}\n" for name, value in said if value).encode(),
        }
        for name in self.algorithms:
            tags[MANIFEST.format(name)] = _lines(self.hashes[name])
        outer = {
            TAG_MANIFEST.format(name): _lines({tag: hashlib.new(name, held).hexdigest() for tag, held in tags.items()})
            for name in self.algorithms
        }
        for path, held in {**tags, **outer}.items():
            self.zip.writestr(self._entry(path), held)
        self.zip.close()

    def _entry(self, path: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(f"{self.base}/{path}", date_time=_STAMP)
        entry.external_attr = 0o644 << 16
        return entry


def _lines(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items())).encode()


# --- Reading ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Bag:
    """A sound bag: its zip stays open while it is read. `hashes` are those of the payload, by path."""

    zip: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]
    hashes: dict[str, str]
    sizes: dict[str, int]
    info: dict[str, str]
    manifest: str  # SHA-256 of the payload manifest

    def open(self, path: str) -> IO[bytes]:
        """A file of the payload."""
        return self.zip.open(self.entries[path])

    def read(self, path: str) -> bytes:
        """A description, whole."""
        if self.sizes[path] > LARGEST_TAG:
            raise PackageRefused(_("A part of the package is too large: %(name)s.") % {"name": path}, part=path)
        with self.open(path) as content:
            return content.read()


def opened(source: IO[bytes], *, most_bytes: int, may_hold: Callable[[str], bool], profile: str) -> Bag:
    """The bag, every check of layout, number, size and hash passed; `PackageRefused` otherwise."""
    size = source.seek(0, 2)
    source.seek(0)
    if size > most_bytes:
        raise PackageRefused(_("The package is larger than %(mb)d MB.") % {"mb": most_bytes // 1_000_000})
    try:
        bag = zipfile.ZipFile(source)
        return _sound(bag, most_bytes, may_hold, profile)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise PackageRefused(_("The file is not a sound zip package.")) from None


def _sound(bag: zipfile.ZipFile, most_bytes: int, may_hold: Callable[[str], bool], profile: str) -> Bag:
    entries = _listed(bag, most_bytes, may_hold)
    tags = {name: _held(bag, entry, LARGEST_TAG) for name, entry in entries.items() if name in TAG_NAMES}
    if tags.get(BAG_FILE) != BAGIT.encode():
        raise PackageRefused(_("The package does not say that it is a BagIt 1.0 package (bagit.txt)."), part=BAG_FILE)
    algorithms = [name for name in ALGORITHMS if MANIFEST.format(name) in tags]
    missing = [] if algorithms[:1] == ["sha256"] else [MANIFEST.format("sha256")]
    missing += [TAG_MANIFEST.format(name) for name in algorithms if TAG_MANIFEST.format(name) not in tags]
    missing += [BAG_INFO] if BAG_INFO not in tags else []
    if missing:
        names = ", ".join(missing)
        raise PackageRefused(_("Parts of the package are missing: %(names)s.") % {"names": names}, part=missing[0])
    covered = {name: held for name, held in tags.items() if not name.startswith("tagmanifest-")}
    lists = {}
    for name in algorithms:
        outer = TAG_MANIFEST.format(name)
        _same(_listing(tags[outer], outer), {t: hashlib.new(name, h).hexdigest() for t, h in covered.items()}, outer)
        lists[name] = _listing(tags[MANIFEST.format(name)], MANIFEST.format(name))
    payload = {name: entry for name, entry in entries.items() if name not in TAG_NAMES}
    info = _info(tags[BAG_INFO])
    if info.get("BagIt-Profile-Identifier") != profile:
        raise PackageRefused(
            _("The package follows another profile than “%(profile)s”.") % {"profile": profile}, part=BAG_INFO
        )
    _oxum(tags[BAG_INFO].decode(), payload)
    for name in algorithms:
        _same(lists[name], dict.fromkeys(payload, ""), MANIFEST.format(name), is_content=False)
    hashes = {path: _hashes(bag, entry, algorithms) for path, entry in payload.items()}
    for name in algorithms:
        _same(lists[name], {path: found[name] for path, found in hashes.items()}, MANIFEST.format(name))
    return Bag(
        zip=bag,
        entries=payload,
        hashes={path: found["sha256"] for path, found in hashes.items()},
        sizes={path: entry.file_size for path, entry in payload.items()},
        info=info,
        manifest=hashlib.sha256(tags[MANIFEST.format("sha256")]).hexdigest(),
    )


def _listed(bag: zipfile.ZipFile, most_bytes: int, may_hold: Callable[[str], bool]) -> dict[str, zipfile.ZipInfo]:
    listed = [entry for entry in bag.infolist() if not entry.is_dir()]
    if not listed or len(bag.infolist()) > MOST_ENTRIES:
        raise PackageRefused(_("The package holds no file, or too many."))
    if sum(entry.file_size for entry in listed) > most_bytes:
        raise PackageRefused(_("Unpacked, the package is larger than %(mb)d MB.") % {"mb": most_bytes // 1_000_000})
    base = listed[0].filename.partition("/")[0] + "/"
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in bag.infolist():
        _check_entry(entry, base)
    for entry in listed:
        name = unicodedata.normalize("NFC", entry.filename.removeprefix(base))
        shown = {"name": name[:100]}
        if name in found:
            raise PackageRefused(_("Two entries of the package have the same name: %(name)s.") % shown, part=name)
        if not (name in TAG_NAMES or may_hold(name)):
            raise PackageRefused(
                _("The package holds something that does not belong there: %(name)s.") % shown, part=name
            )
        found[name] = entry
    return found


def _check_entry(entry: zipfile.ZipInfo, base: str) -> None:
    name = entry.filename
    shown, parts = {"name": name[:100]}, name.rstrip("/").split("/")
    if base == "/" or not name.startswith(base) or "\\" in name or ".." in parts or "" in parts or "\0" in name:
        raise PackageRefused(_("The package lies not in one folder of its own: %(name)s.") % shown, part=name)
    if entry.is_dir() and entry.file_size:
        raise PackageRefused(_("The package holds something that does not belong there: %(name)s.") % shown, part=name)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise PackageRefused(_("The package holds a link: %(name)s.") % shown, part=name)
    if entry.flag_bits & 0x1:
        raise PackageRefused(_("The package is encrypted."), part=name)
    if entry.file_size > CHUNK and entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size):
        raise PackageRefused(
            _("An entry of the package unpacks to far more than it holds: %(name)s.") % shown, part=name
        )


def _held(bag: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    if entry.file_size > most:
        raise PackageRefused(
            _("A part of the package is too large: %(name)s.") % {"name": entry.filename}, part=entry.filename
        )
    with bag.open(entry) as content:
        held = content.read(entry.file_size + 1)
    _has_size(entry, len(held))
    return held


def _hashes(bag: zipfile.ZipFile, entry: zipfile.ZipInfo, algorithms: list[str]) -> dict[str, str]:
    """Read once, in pieces; never further than it says it goes."""
    digests, taken = {name: hashlib.new(name) for name in algorithms}, 0
    try:
        with bag.open(entry) as content:
            while taken <= entry.file_size and (piece := content.read(CHUNK)):
                taken += len(piece)
                for digest in digests.values():
                    digest.update(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        shown = {"name": entry.filename[:100]}
        raise PackageRefused(
            _("A part of the package was changed on its way: %(name)s.") % shown, part=entry.filename
        ) from None
    _has_size(entry, taken)
    return {name: digest.hexdigest() for name, digest in digests.items()}


def _has_size(entry: zipfile.ZipInfo, taken: int) -> None:
    if taken != entry.file_size:
        shown = {"name": entry.filename[:100]}
        raise PackageRefused(
            _("An entry of the package has another size than it says: %(name)s.") % shown, part=entry.filename
        )


def _listing(manifest: bytes, name: str) -> dict[str, str]:
    """path → hash. One form only (hash, two blanks, path, line feed), so that no changed byte of it passes."""
    listed: dict[str, str] = {}
    try:
        lines = manifest.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise PackageRefused(_("A part of the package is not UTF-8: %(name)s.") % {"name": name}, part=name) from None
    if lines.pop() != "":
        raise PackageRefused(_("A list of hashes cannot be read: %(name)s.") % {"name": name}, part=name)
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None or found.group(2) in listed:
            raise PackageRefused(_("A list of hashes cannot be read: %(name)s.") % {"name": name}, part=name)
        listed[found.group(2)] = found.group(1)
    return listed


def _same(listed: Mapping[str, str], found: Mapping[str, str], name: str, *, is_content: bool = True) -> None:
    if set(listed) != set(found):
        odd = sorted(set(listed) ^ set(found))[0]
        raise PackageRefused(
            _("The list of hashes and the package do not name the same parts: %(name)s.") % {"name": odd[:100]},
            part=odd,
        )
    for path in found if is_content else ():
        if listed[path] != found[path]:
            raise PackageRefused(
                _("A part of the package was changed on its way: %(name)s.") % {"name": path[:100]}, part=path
            )


def _info(held: bytes) -> dict[str, str]:
    try:
        lines = held.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise PackageRefused(
            _("A part of the package is not UTF-8: %(name)s.") % {"name": BAG_INFO}, part=BAG_INFO
        ) from None
    return {name.strip(): value.strip() for name, mark, value in (line.partition(":") for line in lines) if mark}


def _oxum(info: str, payload: Mapping[str, zipfile.ZipInfo]) -> None:
    found = _OXUM.search(info)
    said = (int(found.group(1)), int(found.group(2))) if found else None
    if said != (sum(entry.file_size for entry in payload.values()), len(payload)):
        raise PackageRefused(_("The package has another size than it says (Payload-Oxum)."), part=BAG_INFO)
