"""Reading a package that came from elsewhere: every check before anything is kept. Pure: bytes in, facts out.

That it is a sound bag, `kernel.records.packages.bags` says; here, that it holds a document and describes it truly.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from lxml import etree

from chancery.departments.general_office.outgoing_documents.exchange.terms import (
    ANNEXES,
    DESCRIPTION,
    NAMESPACE,
    PAPER,
    Role,
)
from chancery.kernel.records.packages.bags.rules import Bag, Layout, PackageRefused, opened

LAYOUT = Layout(
    files=re.compile(
        rf"data/(?:description\.xml|paper\.pdf|source/manuscript\.(?:json|docx))|{ANNEXES}\d{{2}}\.[a-z0-9]{{1,8}}"
    ),
    folders=re.compile(rf"|data/|data/source/|{ANNEXES}"),
    must_hold=(DESCRIPTION, PAPER),
    most_entries=150,
    largest_tag=1_000_000,
)


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
    """The package, or `PackageRefused`. Nothing of a package that is refused is kept."""
    bag = opened(source, most_bytes=most_bytes, layout=LAYOUT)
    root = bag.description(DESCRIPTION, _schema(), NAMESPACE)
    return Package(
        manifest=bag.manifest,
        organization=bag.info.get("Source-Organization", "")[:200],
        core=_group(root, "核心元数据"),
        codes=_group(root, "扩展元数据"),
        files=_files(root, bag),
    )


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(Path(__file__).parent / "package.xsd")))


def _group(root: Any, name: str) -> dict[str, str]:
    group = root.find(f"{{{NAMESPACE}}}{name}")
    return {etree.QName(node).localname: (node.text or "").strip() for node in (group if group is not None else ())}


def _files(root: Any, bag: Bag) -> list[File]:
    """The files as the description lists them: each is there, and each that is there is listed."""
    rows = root.findall(f"{{{NAMESPACE}}}文件清单/{{{NAMESPACE}}}文件")
    paths = [row.get("path", "") for row in rows]
    if len(set(paths)) != len(paths) or set(paths) != set(bag.entries) - {DESCRIPTION}:
        raise PackageRefused(_("The description does not list the files that are in the package."), part=DESCRIPTION)
    roles = [row.get("role") for row in rows]
    if roles.count(Role.PAPER) != 1 or dict(zip(paths, roles, strict=True)).get(PAPER) != Role.PAPER:
        raise PackageRefused(_("The description does not say which file is the paper."), part=DESCRIPTION)
    files = []
    for row, path in zip(rows, paths, strict=True):
        if bag.hashes[path] != row.get("sha256") or str(bag.sizes[path]) != row.get("size"):
            raise PackageRefused(
                _("A part of the package is not the one its description means: %(name)s.") % {"name": path}, part=path
            )
        files.append(File(Role(row.get("role", "")), row.get("name", ""), bag.content(path)))
    return files
