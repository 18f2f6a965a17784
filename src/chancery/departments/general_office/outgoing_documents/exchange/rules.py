"""Reading a package that came from elsewhere: every check before anything is kept. Pure: bytes in, facts out.

Nothing is unpacked to disk; an entry's name is compared with what may be there and used for nothing else.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import stat
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from lxml import etree

from chancery.departments.general_office.outgoing_documents.exchange.terms import (
    BAG_FILE,
    BAG_INFO,
    BAGIT,
    DESCRIPTION,
    HIGHEST_RATIO,
    LARGEST_TAG,
    MOST_ENTRIES,
    NAMESPACE,
    PAPER,
    PAYLOAD_MANIFEST,
    TAG_MANIFEST,
    TAGS,
    Role,
)
from chancery.foundations.verdict import Refused

# Of the forms that RFC 8493 allows, the one that writers write. Nothing hashes the list of the tag files itself: were
# tabs or other ends of line taken as well, some of its bytes could be changed unseen.
_LINE = re.compile(r"([0-9a-f]{64})  ([^\r\n]{1,300})")
_OXUM = re.compile(r"^Payload-Oxum: (\d{1,15})\.(\d{1,6})$", re.MULTILINE)
_ORGANIZATION = re.compile(r"^Source-Organization: (.{1,200})$", re.MULTILINE)
_PAYLOAD = re.compile(
    r"data/(?:description\.xml|paper\.pdf|source/manuscript\.(?:json|docx)|annexes/\d{2}\.[a-z0-9]{1,8})"
)

FOLDERS = frozenset({"", "data/", "data/source/", "data/annexes/"})


class PackageRefused(Refused):
    """The package is not taken in, and why. Nothing of it is kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, field="package")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the document."""

    role: Role
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Package:
    """What a sound package says and holds."""

    manifest: str  # SHA-256 of the payload manifest
    organization: str
    core: dict[str, str]
    codes: dict[str, str]
    files: list[File] = field(default_factory=list)

    @property
    def dated_on(self) -> dt.date:
        """The date of the document."""
        return dt.date.fromisoformat(self.core["成文日期"])

    @property
    def paper(self) -> bytes:
        """The sealed paper."""
        return next(file.content for file in self.files if file.role == Role.PAPER)


def read(source: IO[bytes], *, most_bytes: int) -> Package:
    """The package, or `PackageRefused`."""
    entries = _unpacked(source, most_bytes)
    if entries.get(BAG_FILE, b"").replace(b"\r\n", b"\n") != BAGIT.encode():
        raise PackageRefused(_("The package does not say that it is a BagIt 1.0 package (bagit.txt)."))
    missing = [name for name in (*TAGS, TAG_MANIFEST, DESCRIPTION, PAPER) if name not in entries]
    if missing:
        raise PackageRefused(_("Parts of the package are missing: %(names)s.") % {"names": ", ".join(missing)})
    payload = {name: content for name, content in entries.items() if name.startswith("data/")}
    _hashes(entries[TAG_MANIFEST], {name: entries[name] for name in TAGS}, TAG_MANIFEST)
    _hashes(entries[PAYLOAD_MANIFEST], payload, PAYLOAD_MANIFEST)
    info = _text(entries[BAG_INFO], BAG_INFO)
    _oxum(info, payload)
    root = _description(entries[DESCRIPTION])
    organization = _ORGANIZATION.search(info)
    return Package(
        manifest=hashlib.sha256(entries[PAYLOAD_MANIFEST]).hexdigest(),
        organization=organization.group(1).strip() if organization else "",
        core=_group(root, "核心元数据"),
        codes=_group(root, "扩展元数据"),
        files=_files(root, payload),
    )


# --- The zip ----------------------------------------------------------------------------------------------------------
def _unpacked(source: IO[bytes], most_bytes: int) -> dict[str, bytes]:
    """Content by name below the one folder; bounded in number, size and ratio before and while it is read."""
    size = source.seek(0, 2)
    source.seek(0)
    if size > most_bytes:
        raise PackageRefused(_("The package is larger than %(mb)d MB.") % {"mb": most_bytes // 1_000_000})
    try:
        with zipfile.ZipFile(source) as bag:
            return _entries(bag, most_bytes)
    # What zipfile raises on hostile bytes: an unknown method, a password asked, a date or an offset that cannot be.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise PackageRefused(_("The file is not a sound zip package.")) from None


def _entries(bag: zipfile.ZipFile, most_bytes: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    listed = [entry for entry in bag.infolist() if not entry.is_dir()]
    if not listed or len(bag.infolist()) > MOST_ENTRIES:
        raise PackageRefused(_("The package holds no file, or too many."))
    if sum(entry.file_size for entry in listed) > most_bytes:
        raise PackageRefused(_("Unpacked, the package is larger than %(mb)d MB.") % {"mb": most_bytes // 1_000_000})
    base = listed[0].filename.partition("/")[0] + "/"
    for entry in bag.infolist():
        _check_entry(entry, base)
    for entry in listed:
        name = unicodedata.normalize("NFC", entry.filename.removeprefix(base))
        if name in found:
            raise PackageRefused(_("Two entries of the package have the same name: %(name)s.") % {"name": name[:100]})
        if not (name in {*TAGS, TAG_MANIFEST} or _PAYLOAD.fullmatch(name)):
            raise PackageRefused(
                _("The package holds something that does not belong there: %(name)s.") % {"name": name[:100]}
            )
        with bag.open(entry) as content:
            held = content.read(entry.file_size + 1)
        if len(held) != entry.file_size:
            raise PackageRefused(_("An entry of the package has another size than it says: %(name)s.") % {"name": name})
        found[name] = held
    return found


def _check_entry(entry: zipfile.ZipInfo, base: str) -> None:
    name = entry.filename
    shown = {"name": name[:100]}
    parts = name.rstrip("/").split("/")
    if base == "/" or not name.startswith(base) or "\\" in name or ".." in parts or "" in parts or "\0" in name:
        raise PackageRefused(_("The package lies not in one folder of its own: %(name)s.") % shown)
    if entry.is_dir() and (name.removeprefix(base) not in FOLDERS or entry.file_size):
        raise PackageRefused(_("The package holds something that does not belong there: %(name)s.") % shown)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise PackageRefused(_("The package holds a link: %(name)s.") % shown)
    if entry.flag_bits & 0x1:
        raise PackageRefused(_("The package is encrypted."))
    if entry.file_size > LARGEST_TAG and entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size):
        raise PackageRefused(_("An entry of the package unpacks to far more than it holds: %(name)s.") % shown)


# --- The bag ----------------------------------------------------------------------------------------------------------
def _text(content: bytes, name: str) -> str:
    if len(content) > LARGEST_TAG:
        raise PackageRefused(_("A part of the package is too large: %(name)s.") % {"name": name})
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise PackageRefused(_("A part of the package is not UTF-8: %(name)s.") % {"name": name}) from None


def _hashes(manifest: bytes, files: dict[str, bytes], name: str) -> None:
    """Each file is listed once with its own hash, and nothing else is listed."""
    listed: dict[str, str] = {}
    for line in _text(manifest, name).removesuffix("\n").split("\n"):
        found = _LINE.fullmatch(line)
        if found is None or found.group(2) in listed:
            raise PackageRefused(_("A list of hashes cannot be read: %(name)s.") % {"name": name})
        listed[found.group(2)] = found.group(1)
    if set(listed) != set(files):
        odd = sorted(set(listed) ^ set(files))[0]
        raise PackageRefused(
            _("The list of hashes and the package do not name the same parts: %(name)s.") % {"name": odd[:100]}
        )
    for path, digest in listed.items():
        if hashlib.sha256(files[path]).hexdigest() != digest:
            raise PackageRefused(_("A part of the package was changed on its way: %(name)s.") % {"name": path})


def _oxum(info: str, payload: dict[str, bytes]) -> None:
    found = _OXUM.search(info)
    said = (int(found.group(1)), int(found.group(2))) if found else None
    if said != (sum(len(content) for content in payload.values()), len(payload)):
        raise PackageRefused(_("The package has another size than it says (Payload-Oxum)."))


# --- The description --------------------------------------------------------------------------------------------------
@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(Path(__file__).parent / "package.xsd")))


def _description(content: bytes) -> etree._Element:
    if len(content) > LARGEST_TAG:
        raise PackageRefused(_("A part of the package is too large: %(name)s.") % {"name": DESCRIPTION})
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise PackageRefused(_("The description of the package is not sound XML.")) from None
    if root.getroottree().docinfo.doctype or any(isinstance(node, etree._Entity) for node in root.iter()):
        raise PackageRefused(_("The description of the package declares a document type or entities."))
    schema = _schema()
    if not schema.validate(root):
        fault = schema.error_log[0]
        raise PackageRefused(
            _("The description of the package does not follow its schema (line %(line)d): %(why)s")
            % {"line": fault.line, "why": fault.message.replace(f"{{{NAMESPACE}}}", "")[:300]}
        )
    return root


def _group(root: etree._Element, name: str) -> dict[str, str]:
    group = root.find(f"{{{NAMESPACE}}}{name}")
    return {etree.QName(node).localname: (node.text or "").strip() for node in (group if group is not None else ())}


def _files(root: etree._Element, payload: dict[str, bytes]) -> list[File]:
    """The files as the description lists them: each is there, and each that is there is listed."""
    rows = root.findall(f"{{{NAMESPACE}}}文件清单/{{{NAMESPACE}}}文件")
    paths = [row.get("path", "") for row in rows]
    if len(set(paths)) != len(paths) or set(paths) != set(payload) - {DESCRIPTION}:
        raise PackageRefused(_("The description does not list the files that are in the package."))
    roles = [row.get("role") for row in rows]
    if roles.count(Role.PAPER) != 1 or dict(zip(paths, roles, strict=True)).get(PAPER) != Role.PAPER:
        raise PackageRefused(_("The description does not say which file is the paper."))
    files = []
    for row, path in zip(rows, paths, strict=True):
        content = payload[path]
        if hashlib.sha256(content).hexdigest() != row.get("sha256") or str(len(content)) != row.get("size"):
            raise PackageRefused(
                _("A part of the package is not the one its description means: %(name)s.") % {"name": path}
            )
        files.append(File(Role(row.get("role", "")), row.get("name", ""), content))
    return files
