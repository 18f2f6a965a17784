"""Reading a file of facts: every fault with its line. Pure.

Python's TOML reader gives no line numbers beyond syntax, so `lines_of` finds them: it walks the text once, follows the
table headers, and remembers where each table and key begins.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.foundations.verdict import Refused
from chancery.kernel.directory.contacts.rules import is_well_formed
from chancery.kernel.directory.loading import terms
from chancery.kernel.directory.terms import ContactKind, HoldingKind, Rank

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Place = tuple[str | int, ...]
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}")
_HEADER = re.compile(r"\s*\[\[\s*([A-Za-z0-9_.\- ]+?)\s*\]\]|\s*\[\s*([A-Za-z0-9_.\- ]+?)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+|\"[^\"]*\"|'[^']*')\s*=")
_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class BadFile(Refused):
    """The file cannot be loaded. `faults`: line numbers and sentences, in order."""

    def __init__(self, faults: list[tuple[int, StrOrPromise]]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault[0])
        super().__init__(
            "\n".join(_("line %(line)d: %(fault)s") % {"line": line, "fault": fault} for line, fault in self.faults)
        )


def lines_of(text: str) -> dict[Place, int]:
    """Where each table and each key of a TOML text begins. Places are paths: ("unit", 3, "post", 0, "rank")."""
    lines: dict[Place, int] = {(): 1}
    counts: dict[Place, int] = {}
    table: Place = ()
    closing = ""
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:  # inside a text of several lines
            if closing in line:
                closing = ""
            continue
        if depth:  # inside a list of several lines
            depth += _opened(line)
            continue
        if header := _HEADER.match(line):
            table = _table(header.group(1) or header.group(2), bool(header.group(1)), counts)
            lines[table] = number
        elif key := _KEY.match(line):
            lines[(*table, key.group(1).strip("\"'"))] = number
            rest = line[key.end() :]
            for mark in ('"""', "'''"):
                if rest.count(mark) == 1:
                    closing = mark
            if not closing:
                depth = _opened(rest)
    return lines


def _opened(text: str) -> int:
    bare = re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*", "", text)
    return bare.count("[") - bare.count("]")


def _table(name: str, is_list: bool, counts: dict[Place, int]) -> Place:
    place: Place = ()
    parts = [part.strip() for part in name.split(".")]
    for depth, part in enumerate(parts):
        place = (*place, part)
        if is_list and depth == len(parts) - 1:
            counts[place] = counts.get(place, -1) + 1
            place = (*place, counts[place])
        elif place in counts:
            place = (*place, counts[place])
    # A list begins anew under each entry of the list above it, because that entry's number is in the path.
    return place


class _Reader:
    """Collects faults while it turns tables into entries."""

    def __init__(self, text: str) -> None:
        self.faults: list[tuple[int, StrOrPromise]] = []
        self.lines = lines_of(text)
        try:
            self.tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = _SYNTAX_LINE.search(str(error))
            line = int(found.group(1)) if found else len(text.splitlines())
            raise BadFile([(line, _("not TOML: %(why)s") % {"why": str(error)})]) from error

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest place around it."""
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def fault(self, place: Place, sentence: StrOrPromise) -> None:
        self.faults.append((self.line(place), sentence))

    def checked(self, table: Any, place: Place, keys: dict[str, tuple[type, bool]], what: str) -> dict[str, Any]:
        """The table's values that are as they should be; a fault for each that is not."""
        if not isinstance(table, dict):
            self.fault(place, _("%(what)s must be a table.") % {"what": what})
            return {}
        for name in table.keys() - keys.keys():
            self.fault((*place, name), _("%(what)s has no key %(name)s.") % {"what": what, "name": name})
        sound: dict[str, Any] = {}
        for name, (wanted, required) in keys.items():
            if name not in table:
                if required:
                    self.fault(place, _("%(what)s needs %(name)s.") % {"what": what, "name": name})
                continue
            value = table[name]
            if type(value) is not wanted:
                words = {"what": what, "name": name, "type": _TYPES[wanted]}
                self.fault((*place, name), _("%(name)s of %(what)s must be %(type)s.") % words)
                continue
            if isinstance(value, str):
                value = value.strip()
                if required and not value:
                    self.fault((*place, name), _("%(name)s of %(what)s is empty.") % {"what": what, "name": name})
                if name == "code" and value and not _CODE.fullmatch(value):
                    self.fault((*place, name), _("A code has letters, digits, dots and hyphens."))
            codes = terms.CODES.get(f"{what}.{name}")
            if codes and value not in codes:
                words = {"value": value, "codes": ", ".join(codes)}
                self.fault((*place, name), _("%(value)s is none of: %(codes)s.") % words)
                continue
            sound[name] = value
        return sound

    def each(self, tables: Any) -> Iterator[tuple[int, Any]]:
        return enumerate(tables if isinstance(tables, list) else [])


_TYPES: dict[type, StrOrPromise] = {
    str: gettext_lazy("text"),
    int: gettext_lazy("a whole number"),
    bool: gettext_lazy("true or false"),
    dt.date: gettext_lazy("a date such as 2007-01-01"),
    list: gettext_lazy("a list"),
}


def read_sheet(text: str) -> terms.Sheet:
    """The facts of a file, or `BadFile` with every fault and its line."""
    reader = _Reader(text)
    top = reader.checked(reader.tables, (), terms.FILE_KEYS, "file")
    sheet = terms.Sheet(top.get("title", ""), top.get("as_of", dt.date.min), top.get("decision", ""))
    for place, table in reader.each(top.get("person")):
        entry = reader.checked(table, ("person", place), terms.PERSON_KEYS, "person")
        if "code" in entry and "name_en" in entry:
            line = reader.line(("person", place))
            sheet.people.append(terms.PersonEntry(line, entry["code"], entry["name_en"], entry.get("name_zh", "")))
    for place, table in reader.each(top.get("unit")):
        unit = _unit(reader, table, place)
        if unit:
            sheet.units.append(unit)
    _check_codes(reader, sheet)
    if reader.faults:
        raise BadFile(reader.faults)
    return sheet


def _unit(reader: _Reader, table: Any, place: int) -> terms.UnitEntry | None:
    here: Place = ("unit", place)
    unit = reader.checked(table, here, terms.UNIT_KEYS, "unit")
    posts = [_post(reader, post, (*here, "post", number), number) for number, post in reader.each(unit.get("post"))]
    contacts = [_contact(reader, each, (*here, "contact", number)) for number, each in reader.each(unit.get("contact"))]
    if not {"code", "name_en", "kind"} <= unit.keys():
        return None
    facts = {name: unit.get(name, "") for name in ("name_en", "name_zh", "kind", "functions_en", "functions_zh")}
    return terms.UnitEntry(
        line=reader.line(here), code=unit["code"], parent=unit.get("parent", ""), led_by=unit.get("led_by", ""),
        facts={**facts, "position": place + 1}, confirmed_on=unit.get("confirmed_on"),
        posts=tuple(post for post in posts if post), contacts=tuple(contact for contact in contacts if contact),
    )  # fmt: skip


def _post(reader: _Reader, table: Any, here: Place, number: int) -> terms.PostEntry | None:
    post = reader.checked(table, here, terms.POST_KEYS, "post")
    seats = post.get("seats", 1)
    if seats < 1:
        reader.fault((*here, "seats"), _("A post has at least one seat."))
    holders: list[terms.HolderEntry] = []
    for place, given in enumerate(post.get("holders", [])):
        spot = (*here, "holders", place)
        holder = reader.checked(
            {"person": given} if isinstance(given, str) else given, spot, terms.HOLDER_KEYS, "holder"
        )
        if "person" in holder:
            kind = holder.get("kind", HoldingKind.SUBSTANTIVE.value)
            holders.append(terms.HolderEntry(reader.line(spot), holder["person"], kind, place + 1))
    if len(holders) > seats:
        words = {"holders": len(holders), "seats": seats}
        reader.fault((*here, "holders"), _("%(holders)d holders for %(seats)d seats.") % words)
    names = [holder.person for holder in holders]
    for name in {name for name in names if names.count(name) > 1}:
        reader.fault((*here, "holders"), _("%(name)s holds this post twice.") % {"name": name})
    if not {"code", "title_en"} <= post.keys():
        return None
    facts = {name: post.get(name, "") for name in ("title_en", "title_zh", "heading_en", "heading_zh")}
    facts |= {"rank": post.get("rank", Rank.STAFF.value), "is_leading": post.get("is_leading", False)}
    facts |= {"seats": seats, "position": number + 1}
    return terms.PostEntry(reader.line(here), post["code"], facts, tuple(holders))


def _contact(reader: _Reader, table: Any, here: Place) -> terms.ContactEntry | None:
    contact = reader.checked(table, here, terms.CONTACT_KEYS, "contact")
    if not {"kind", "value"} <= contact.keys():
        return None
    verdict = is_well_formed(ContactKind(contact["kind"]), contact["value"])
    if not verdict:
        reader.fault((*here, "value"), verdict.reason)
    return terms.ContactEntry(reader.line(here), contact["kind"], contact["value"], contact.get("value_zh", ""))


def _check_codes(reader: _Reader, sheet: terms.Sheet) -> None:
    """Codes are given once. Units named elsewhere may be in the directory already: that is asked later."""
    seen: dict[tuple[str, str], int] = {}
    entries: list[tuple[str, str, int]] = [("person", entry.code, entry.line) for entry in sheet.people]
    for unit in sheet.units:
        entries.append(("unit", unit.code, unit.line))
        entries += [(f"post of {unit.code}", post.code, post.line) for post in unit.posts]
    for kind, code, line in entries:
        if (kind, code) in seen:
            words = {"code": code, "line": seen[kind, code]}
            reader.faults.append((line, _("%(code)s is given already on line %(line)d.") % words))
        seen.setdefault((kind, code), line)
