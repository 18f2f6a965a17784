"""The house of a day as cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chancery.kernel.directory.interchange.queries import person_iri, unit_iri
from chancery.kernel.directory.publicpage.queries import PublicUnit
from chancery.kernel.directory.queries import Row
from chancery.kernel.directory.vcard.rules import card, line, uri_line


def cards_of(units: Iterable[PublicUnit]) -> str:
    """A card for every unit, then one for every person who holds a post in them."""
    people: dict[str, list[tuple[PublicUnit, Row, Row]]] = {}
    cards: list[str] = []
    for unit in units:
        cards.append(card(_unit_lines(unit)))
        for post in unit.posts:
            for holder in post["holders"]:
                people.setdefault(holder["person"], []).append((unit, post, holder))
    cards += [card(_person_lines(code, held)) for code, held in people.items()]
    return "".join(cards)


def _unit_lines(unit: PublicUnit) -> Iterator[str]:
    yield line("KIND", "org")
    yield uri_line("UID", unit_iri(unit.code))
    yield line("FN", unit.name_en, LANGUAGE="en", ALTID="1")
    if unit.name_zh:
        yield line("FN", unit.name_zh, LANGUAGE="zh-Hans", ALTID="1")
    yield line("ORG", [unit.above_name_en, unit.name_en] if unit.above_name_en else [unit.name_en])
    for contact in unit.contacts:
        match contact["kind"]:
            case "PHONE":
                yield line("TEL", contact["value"], VALUE="text", TYPE="work,voice")
            case "FAX":
                yield line("TEL", contact["value"], VALUE="text", TYPE="work,fax")
            case "EMAIL":
                yield line("EMAIL", contact["value"], TYPE="work")
            case "ADDRESS":
                postcode = next((found["value"] for found in unit.contact_values("POSTCODE")), "")
                yield line("ADR", ["", "", contact["value"], "", "", postcode, ""], TYPE="work", LABEL=contact["value"])
            case "WEB":
                yield uri_line("URL", contact["value"])
    if unit.functions_en:
        yield line("NOTE", unit.functions_en, LANGUAGE="en")
    if unit.leader_code:
        yield uri_line("RELATED", unit_iri(unit.leader_code), TYPE="agent")
    if unit.confirmed_on:
        yield line("REV", f"{unit.confirmed_on:%Y%m%d}T000000Z")


def _person_lines(code: str, held: list[tuple[PublicUnit, Row, Row]]) -> Iterator[str]:
    first = held[0][2]
    # Surname first, as the directory writes romanised names.
    family, _space, given = first["name_en"].partition(" ")
    yield line("KIND", "individual")
    yield uri_line("UID", person_iri(code))
    yield line("FN", first["name_en"], LANGUAGE="en", ALTID="1")
    if first["name_zh"]:
        yield line("FN", first["name_zh"], LANGUAGE="zh-Hans", ALTID="1")
    yield line("N", [family, given, "", "", ""])
    for number, (unit, post, _holder) in enumerate(held, start=1):
        group = f"post{number}"
        yield line("ORG", [unit.name_en], group)
        yield line("TITLE", post["title_en"], group)
        for contact in post["contacts"]:
            if contact["kind"] == "PHONE":
                yield line("TEL", contact["value"], group, VALUE="text", TYPE="work,voice")
