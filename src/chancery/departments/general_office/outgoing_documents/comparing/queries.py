"""Two states of a paper side by side: its text word by word, and its other parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries
from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import AddresseePart, Direction, Label, Urgency
from chancery.foundations import manuscript
from chancery.foundations.manuscript import Piece, Row
from chancery.foundations.words import words
from chancery.kernel.records.papertypes.models import PaperType
from chancery.kernel.records.setting.terms import Format

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states."""

    name: StrOrPromise
    at: Any = None
    person: str = ""
    note: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A part besides the text that differs."""

    label: StrOrPromise
    old: Sequence[Piece]
    new: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that changed from one state to the other."""

    old: Side
    new: Side
    fields: Sequence[FieldRow]
    rows: Sequence[Row]
    is_changed: bool


def compare(old: Mapping[str, Any], new: Mapping[str, Any], *, sides: tuple[Side, Side]) -> Comparison:
    """Two `parts_of`, compared."""
    rows = manuscript.compare(dict(old["body"]), dict(new["body"]))
    fields = list(_fields(old, new))
    return Comparison(*sides, fields, rows, bool(fields) or manuscript.is_changed(rows))


def between(document: OutgoingDocument, old: int, new: int) -> Comparison | None:
    """Two versions of a document by number."""
    first, second = drafting.version(document.pk, old), drafting.version(document.pk, new)
    if first is None or second is None:
        return None
    return compare(first.parts, second.parts, sides=(_side(first), _side(second)))


def since_signed(document: OutgoingDocument) -> Comparison | None:
    """What was signed last against what stands now; None when nothing was signed yet."""
    signed = drafting.signed_version(document.pk)
    if signed is None:
        return None
    now = Side(_("As it stands now"), number=document.version)
    return compare(signed.parts, queries.parts_of(document), sides=(_side(signed), now))


def _side(version: Any) -> Side:
    name = _("Version %(number)d") % {"number": version.number}
    return Side(name, version.at, words(version.person) if version.person else "", version.note, version.number)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldRow]:
    before, after = _told(old), _told(new)
    return [
        FieldRow(label, *_pieces(before[name], after[name])) for name, label in _labels() if before[name] != after[name]
    ]


def _pieces(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Word by word, through the comparison of one-line manuscripts."""
    rows = manuscript.compare(_line(old), _line(new))
    left = [piece for row in rows for piece in row.old or ()]
    right = [piece for row in rows for piece in row.new or ()]
    return left, right


def _line(text: str) -> manuscript.Node:
    content = [{"type": "text", "text": text}] if text else []
    return manuscript.check({"type": "doc", "content": [{"type": "paragraph", "content": content}]})


def _labels() -> list[tuple[str, StrOrPromise]]:
    return [
        ("title", _("Title")),
        ("type", _("Type")),
        ("direction", _("Direction")),
        ("format", _("Format")),
        ("language", _("Language")),
        ("issuer", _("Issuer")),
        ("joint", _("Joint issuers")),
        ("main", _("Main addressees")),
        ("copy", _("Copy to")),
        ("note", _("Note")),
        ("annexes", _("Annexes")),
        ("urgency", _("Urgency")),
        ("label", _("Label")),
    ]


def _told(parts: Mapping[str, Any]) -> dict[str, str]:
    """The parts besides the text, as a reader expects them."""

    def names(part: str) -> str:
        found = [_addressee(one) for one in parts["addressees"] if one["part"] == part]
        return "; ".join(found)

    of = PaperType.objects.filter(code=parts["type"]).order_by("-valid_from").first()
    return {
        "title": parts["title"],
        "type": words(of) if of else parts["type"],
        "direction": str(dict(Direction.choices).get(parts["direction"], parts["direction"])),
        "format": str(dict(Format.choices).get(parts["format"], parts["format"])),
        "language": parts["language"],
        "issuer": parts["issuer"]["name"],
        "joint": "; ".join(one["name"] for one in parts["joint_issuers"]),
        "main": names(AddresseePart.MAIN),
        "copy": names(AddresseePart.COPY),
        "note": parts["note"],
        "annexes": "; ".join(f"{one['name']} ({one['sha256'][:8]})" for one in parts["annexes"]),
        "urgency": str(dict(Urgency.choices).get(parts["urgency"], parts["urgency"])),
        "label": str(dict(Label.choices).get(parts["label"], parts["label"])),
    }


def _addressee(one: Mapping[str, str]) -> str:
    address = one.get("email") or one.get("postal") or ""
    return f"{one['name']} <{address}>" if address else one["name"]
