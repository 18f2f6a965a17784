"""Exports of a list: exactly the rows the person filtered and may see, written row by row.

CSV is streamed: the transaction of the request is over by then, so the stream opens its own under the same actor.
XLSX is written to a temporary file first. Neither holds more than a batch of rows in memory.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.foundations import clock
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.foundations.web.columns import Column, Rows

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
XLSX_ROWS = 1_048_575
BATCH = 2000
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class TooManyRows(Refused):
    """A sheet cannot hold the list."""


def inert(value: Any) -> Any:
    """A value no spreadsheet will run: text that begins like a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal | dt.date):
        return value
    text = _CONTROL.sub("", str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text


def respond(request: HttpRequest, name: str, columns: Sequence[Column], rows: Rows, kind: str) -> HttpResponseBase:
    """The file."""
    filename = f"{name.replace('.', '-')}-{clock.today().isoformat()}.{kind}"
    response: HttpResponseBase
    if kind == "csv":
        stream = _csv(request.actor, translation.get_language(), columns, rows)  # type: ignore[attr-defined]  # ActorMiddleware
        response = StreamingHttpResponse(stream, content_type=KINDS[kind])
        response["Content-Disposition"] = f'attachment; filename="{filename}"'
    else:
        response = FileResponse(_xlsx(columns, rows), as_attachment=True, filename=filename, content_type=KINDS[kind])
    response["Cache-Control"] = "no-store"
    return response


class _Echo:
    """A file that hands back what is written: csv.writer for a stream."""

    def write(self, text: str) -> str:
        return text


def _csv(actor: Any, language: str | None, columns: Sequence[Column], rows: Rows) -> Iterator[str]:
    writer = csv.writer(_Echo())
    with translation.override(language), acting_as(actor), transaction.atomic():
        yield "\ufeff" + writer.writerow([inert(c.title) for c in columns])  # the mark by which Excel knows UTF-8
        lines: list[str] = []
        for row in rows.iterator(chunk_size=BATCH):
            lines.append(writer.writerow([_plain(inert(c.read(row))) for c in columns]))
            if len(lines) == BATCH:
                yield "".join(lines)
                lines.clear()
        yield "".join(lines)


def _plain(value: Any) -> Any:
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, dt.datetime) else value


def _xlsx(columns: Sequence[Column], rows: Rows) -> Any:
    from openpyxl import Workbook  # 20 MB, wanted by few requests

    book = Workbook(write_only=True)
    sheet = book.create_sheet(pgettext("sheet", "List"))
    sheet.freeze_panes = "A2"
    sheet.append([inert(c.title) for c in columns])
    for number, row in enumerate(rows.iterator(chunk_size=BATCH), start=1):
        if number > XLSX_ROWS:
            raise TooManyRows(
                _("A spreadsheet holds %(rows)s rows at most: narrow the list, or take it as CSV.")
                % {"rows": XLSX_ROWS}
            )
        sheet.append([_naive(inert(c.read(row))) for c in columns])
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    book.save(out)
    out.seek(0)
    return out


def _naive(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value
