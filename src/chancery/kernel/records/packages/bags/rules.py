"""A bag in a zip, written as a stream, and read with every check before anything is believed. Pure: no database.

One writer and one reader for all that goes from house to house: packages of archives and of documents exchanged differ
in their `Layout`, and in what their descriptions say.

Nothing is unpacked; the name of an entry is compared with what may be there and used for nothing else.
"""

from __future__ import annotations

import hashlib
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from lxml import etree

from chancery.foundations.verdict import Refused

BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
BAG_FILE, BAG_INFO = "bagit.txt", "bag-info.txt"
MANIFEST, TAG_MANIFEST = "manifest-{}.txt", "tagmanifest-{}.txt"

HIGHEST_RATIO = 120  # unpacked to packed; deflate reaches about 1000 only on purpose
SMALL = 1_000_000  # bytes that may unpack from any number of bytes
CHUNK = 1024 * 1024

_STAMP = (2020, 1, 1, 0, 0, 0)
_DIGITS = {"sha256": 64, "sha512": 128}
_LINE = re.compile(r"([0-9a-f]{64}|[0-9a-f]{128})  (data/[^\r\n]{1,300}|[a-z0-9.-]{1,60})")
_OXUM = re.compile(r"^Payload-Oxum: (\d{1,15})\.(\d{1,6})$", re.MULTILINE)


class PackageRefused(Refused):
    """The package is not taken in, why, and which part of it is at fault. Nothing of it is kept."""

    def __init__(self, reason: str, *, part: str = "") -> None:
        super().__init__(reason, field="package")
        self.part = part


@dataclass(frozen=True, slots=True)
class Layout:
    """What packages of one kind hold, and how much of it."""

    files: re.Pattern[str]  # paths below data/ that may be there
    folders: re.Pattern[str]  # entries of folders that may be there, below the one folder
    must_hold: tuple[str, ...]  # of the files, those without which there is no package
    most_entries: int
    largest_tag: int  # bytes of a tag file or a description
    profile: str = ""  # what bag-info.txt has to say; empty: it need say nothing
    algorithms: tuple[str, ...] = ("sha256",)

    @property
    def tags(self) -> set[str]:
        """The names of the tag files that may be there."""
        lists = (name.format(algorithm) for name in (MANIFEST, TAG_MANIFEST) for algorithm in self.algorithms)
        return {BAG_FILE, BAG_INFO, *lists}


# --- Writing ----------------------------------------------------------------------------------------------------------
class BagWriter:
    """Writes a bag entry by entry, and its manifests at the end. The same content packs to the same bytes at any time.

    Entries are stored, not deflated, unless asked: what an office keeps is packed already, and a reader needs no more
    than to read.
    """

    def __init__(
        self, out: IO[bytes], base: str, algorithms: Iterable[str] = ("sha256",), *, is_deflated: bool = False
    ) -> None:
        self.zip = zipfile.ZipFile(out, "w")
        self.method = zipfile.ZIP_DEFLATED if is_deflated else zipfile.ZIP_STORED
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
        entry.compress_type = self.method
        return entry


def _lines(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items())).encode()


# --- Reading ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Bag:
    """A sound bag: its zip stays open while it is read. `hashes` are those of the payload, by path."""

    zip: zipfile.ZipFile
    layout: Layout
    entries: dict[str, zipfile.ZipInfo]
    hashes: dict[str, str]
    sizes: dict[str, int]
    info: dict[str, str]
    manifest: str  # SHA-256 of the payload manifest

    def open(self, path: str) -> IO[bytes]:
        """A file of the payload."""
        return self.zip.open(self.entries[path])

    def content(self, path: str) -> bytes:
        """A file of the payload, whole: for kinds of packages that are small by their bounds."""
        with self.open(path) as content:
            return content.read()

    def description(self, path: str, schema: etree.XMLSchema, namespace: str = "") -> Any:
        """A description in the payload: sound XML without document type or entities, which follows its schema."""
        if self.sizes[path] > self.layout.largest_tag:
            raise _refused(_("A part of the package is too large: %(name)s."), path)
        return _parsed(self.content(path), schema, path, namespace)


def opened(source: IO[bytes], *, most_bytes: int, layout: Layout) -> Bag:
    """The bag, every check of layout, number, size and hash passed; `PackageRefused` otherwise."""
    size = source.seek(0, 2)
    source.seek(0)
    if size > most_bytes:
        raise PackageRefused(_("The package is larger than %(mb)d MB.") % {"mb": most_bytes // 1_000_000})
    try:
        return _sound(zipfile.ZipFile(source), most_bytes, layout)
    # What zipfile raises on hostile bytes: an unknown method, a password asked, a date or an offset that cannot be.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise PackageRefused(_("The file is not a sound zip package.")) from None


def _refused(reason: str, name: str) -> PackageRefused:
    return PackageRefused(reason % {"name": name[:100]}, part=name)


def _sound(bag: zipfile.ZipFile, most_bytes: int, layout: Layout) -> Bag:
    entries = _listed(bag, most_bytes, layout)
    tags = {name: _held(bag, name, entries[name], layout.largest_tag) for name in layout.tags if name in entries}
    # The ends of its lines may be either: the list of the tag files holds its hash.
    if tags.get(BAG_FILE, b"").replace(b"\r\n", b"\n") != BAGIT.encode():
        raise PackageRefused(_("The package does not say that it is a BagIt 1.0 package (bagit.txt)."), part=BAG_FILE)
    algorithms = [name for name in layout.algorithms if name == "sha256" or MANIFEST.format(name) in tags]
    _demand_parts(entries, algorithms, layout)
    covered = {name: held for name, held in tags.items() if not name.startswith("tagmanifest-")}
    payload = {name: entry for name, entry in entries.items() if name not in layout.tags}
    lists = {}
    for name in algorithms:
        outer, inner = TAG_MANIFEST.format(name), MANIFEST.format(name)
        listed = _listing(tags[outer], outer, name)
        _same_names(listed, covered)
        _same_hashes(listed, {tag: hashlib.new(name, held).hexdigest() for tag, held in covered.items()})
        lists[name] = _listing(tags[inner], inner, name)
        _same_names(lists[name], payload)
    info = _info(tags[BAG_INFO])
    if layout.profile and info.get("BagIt-Profile-Identifier") != layout.profile:
        raise PackageRefused(
            _("The package follows another profile than “%(profile)s”.") % {"profile": layout.profile}, part=BAG_INFO
        )
    hashes = {path: _hashes(bag, path, entry, algorithms) for path, entry in payload.items()}
    for name in algorithms:
        _same_hashes(lists[name], {path: found[name] for path, found in hashes.items()})
    _oxum(tags[BAG_INFO].decode(), payload)
    return Bag(
        zip=bag,
        layout=layout,
        entries=payload,
        hashes={path: found["sha256"] for path, found in hashes.items()},
        sizes={path: entry.file_size for path, entry in payload.items()},
        info=info,
        manifest=hashlib.sha256(tags[MANIFEST.format("sha256")]).hexdigest(),
    )


def _listed(bag: zipfile.ZipFile, most_bytes: int, layout: Layout) -> dict[str, zipfile.ZipInfo]:
    """Entries by their path below the one folder; bounded in number, size and ratio before anything is read."""
    listed = [entry for entry in bag.infolist() if not entry.is_dir()]
    if not listed or len(bag.infolist()) > layout.most_entries:
        raise PackageRefused(_("The package holds no file, or too many."))
    if sum(entry.file_size for entry in listed) > most_bytes:
        raise PackageRefused(_("Unpacked, the package is larger than %(mb)d MB.") % {"mb": most_bytes // 1_000_000})
    base = listed[0].filename.partition("/")[0] + "/"
    allowed = layout.tags
    found: dict[str, zipfile.ZipInfo] = {}
    taken: set[str] = set()
    for entry in bag.infolist():
        _check_entry(entry, base, layout)
    for entry in listed:
        name = unicodedata.normalize("NFC", entry.filename.removeprefix(base))
        folded = name.casefold()  # on many a disk one name
        if folded in taken:
            raise _refused(_("Two entries of the package have the same name: %(name)s."), name)
        if not (name in allowed or layout.files.fullmatch(name)):
            raise _refused(_("The package holds something that does not belong there: %(name)s."), name)
        taken.add(folded)
        found[name] = entry
    return found


def _check_entry(entry: zipfile.ZipInfo, base: str, layout: Layout) -> None:
    name = entry.filename
    parts = name.rstrip("/").split("/")
    if base == "/" or not name.startswith(base) or "\\" in name or ".." in parts or "" in parts or "\0" in name:
        raise _refused(_("The package lies not in one folder of its own: %(name)s."), name)
    if entry.is_dir() and (entry.file_size or not layout.folders.fullmatch(name.removeprefix(base))):
        raise _refused(_("The package holds something that does not belong there: %(name)s."), name)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _refused(_("The package holds a link: %(name)s."), name)
    if entry.flag_bits & 0x1:
        raise PackageRefused(_("The package is encrypted."), part=name)
    if entry.file_size > SMALL and entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size):
        raise _refused(_("An entry of the package unpacks to far more than it holds: %(name)s."), name)


def _demand_parts(entries: Mapping[str, zipfile.ZipInfo], algorithms: Sequence[str], layout: Layout) -> None:
    lists = [name.format(algorithm) for name in (MANIFEST, TAG_MANIFEST) for algorithm in algorithms]
    missing = [name for name in (BAG_INFO, *lists, *layout.must_hold) if name not in entries]
    if missing:
        names = ", ".join(missing)
        raise PackageRefused(_("Parts of the package are missing: %(names)s.") % {"names": names}, part=missing[0])


def _held(bag: zipfile.ZipFile, name: str, entry: zipfile.ZipInfo, most: int) -> bytes:
    if entry.file_size > most:
        raise _refused(_("A part of the package is too large: %(name)s."), name)
    with bag.open(entry) as content:
        held = content.read(entry.file_size + 1)
    _has_size(name, entry, len(held))
    return held


def _hashes(bag: zipfile.ZipFile, name: str, entry: zipfile.ZipInfo, algorithms: Sequence[str]) -> dict[str, str]:
    """Read once, in pieces; never further than it says it goes."""
    digests, taken = {algorithm: hashlib.new(algorithm) for algorithm in algorithms}, 0
    try:
        with bag.open(entry) as content:
            while taken <= entry.file_size and (piece := content.read(CHUNK)):
                taken += len(piece)
                for digest in digests.values():
                    digest.update(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise _refused(_("A part of the package was changed on its way: %(name)s."), name) from None
    _has_size(name, entry, taken)
    return {algorithm: digest.hexdigest() for algorithm, digest in digests.items()}


def _has_size(name: str, entry: zipfile.ZipInfo, taken: int) -> None:
    if taken != entry.file_size:
        raise _refused(_("An entry of the package has another size than it says: %(name)s."), name)


def _text(held: bytes, name: str) -> str:
    try:
        return held.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused(_("A part of the package is not UTF-8: %(name)s."), name) from None


def _listing(manifest: bytes, name: str, algorithm: str) -> dict[str, str]:
    """path → hash. Of the forms that RFC 8493 allows, the one that writers write (hash, two blanks, path, line feed):
    nothing hashes the list of the tag files itself, so that in any other some of its bytes could be changed unseen."""
    listed: dict[str, str] = {}
    lines = _text(manifest, name).split("\n")
    is_ended = lines.pop() == ""
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None or found.group(2) in listed or len(found.group(1)) != _DIGITS[algorithm]:
            raise _refused(_("A list of hashes cannot be read: %(name)s."), name)
        listed[found.group(2)] = found.group(1)
    if not is_ended:
        raise _refused(_("A list of hashes cannot be read: %(name)s."), name)
    return listed


def _same_names(listed: Iterable[str], found: Iterable[str]) -> None:
    odd = sorted(set(listed) ^ set(found))
    if odd:
        raise _refused(_("The list of hashes and the package do not name the same parts: %(name)s."), odd[0])


def _same_hashes(listed: Mapping[str, str], found: Mapping[str, str]) -> None:
    for path, digest in found.items():
        if listed[path] != digest:
            raise _refused(_("A part of the package was changed on its way: %(name)s."), path)


def _info(held: bytes) -> dict[str, str]:
    lines = _text(held, BAG_INFO).split("\n")
    return {name.strip(): value.strip() for name, mark, value in (line.partition(":") for line in lines) if mark}


def _oxum(info: str, payload: Mapping[str, zipfile.ZipInfo]) -> None:
    found = _OXUM.search(info)
    said = (int(found.group(1)), int(found.group(2))) if found else None
    if said != (sum(entry.file_size for entry in payload.values()), len(payload)):
        raise PackageRefused(_("The package has another size than it says (Payload-Oxum)."), part=BAG_INFO)


def _parsed(content: bytes, schema: etree.XMLSchema, name: str, namespace: str) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise _refused(_("A description of the package is not sound XML: %(name)s."), name) from None
    if root.getroottree().docinfo.doctype or any(isinstance(node, etree._Entity) for node in root.iter()):
        raise _refused(_("A description of the package declares a document type or entities: %(name)s."), name)
    if not schema.validate(root):
        fault = schema.error_log[0]
        shown = {"name": name, "line": fault.line, "why": fault.message.replace(f"{{{namespace}}}", "")[:300]}
        raise PackageRefused(_("%(name)s does not follow its schema (line %(line)d): %(why)s") % shown, part=name)
    return root
