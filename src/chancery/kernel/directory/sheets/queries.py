"""The house of a day as rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from chancery.foundations.web.exports import inert
from chancery.kernel.directory.publicpage.queries import House, PublicUnit
from chancery.kernel.directory.queries import Row

COLUMNS = (
    "unit", "unit_name_en", "unit_name_zh", "kind", "under", "led_by", "confirmed_on", "post", "title_en", "title_zh",
    "rank",
    "seat", "state", "person", "person_name_en", "person_name_zh", "since", "telephones", "faxes", "emails",
)  # fmt: skip


def rows_of(house: House) -> Iterator[tuple[str, ...]]:
    """A row a seat, or one for a unit without posts; the unit's contacts on its first row only."""
    for unit in house.walk():
        contacts = [
            " / ".join(contact["value"] for contact in unit.contact_values(kind)) for kind in ("PHONE", "FAX", "EMAIL")
        ]
        for seat in _seats(unit):
            yield (*_unit(unit), *seat, *contacts)
            contacts = ["", "", ""]


def _unit(unit: PublicUnit) -> tuple[str, ...]:
    confirmed = unit.confirmed_on.isoformat() if unit.confirmed_on else ""
    return (
        unit.code, unit.name_en, unit.name_zh, unit.kind, unit.above_code or "", unit.leader_code or "", confirmed,
    )  # fmt: skip


def _seats(unit: PublicUnit) -> Iterator[tuple[str, ...]]:
    if not unit.posts:
        yield ("",) * 10
    for post in unit.posts:
        filled = {holder["seat"] for holder in post["holders"] if holder["kind"] != "ACTING"}
        for holder in post["holders"]:
            yield _seat(post, holder["seat"], holder)
        for seat in range(1, post["seats"] + 1):
            if seat not in filled:
                yield _seat(post, seat, None)


def _seat(post: Row, seat: int, holder: Row | None) -> tuple[str, ...]:
    facts = (post["code"], post["title_en"], post["title_zh"], post["rank"], str(seat))
    if holder is None:
        return (*facts, "VACANT", "", "", "", "")
    return (*facts, holder["kind"], holder["person"], holder["name_en"], holder["name_zh"], holder["since"])


def csv_of(house: House) -> str:
    """The rows as CSV, with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([[inert(value) for value in row] for row in rows_of(house)])
    return "\ufeff" + out.getvalue()


def xlsx_of(house: House) -> bytes:
    """The rows as a workbook."""
    from openpyxl import Workbook  # 20 MB, wanted by few requests

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=house.on.isoformat())
    sheet.append(COLUMNS)
    for row in rows_of(house):
        sheet.append([inert(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
