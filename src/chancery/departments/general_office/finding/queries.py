"""Where the papers of the office come from when the index is filled. Read as the system; each has its own guard."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from chancery.departments.general_office.finding.terms import OUTGOING_CODES, PETITION
from chancery.foundations import manuscript
from chancery.kernel.records.terms import Entry, Source

# What was destroyed or given away leaves the index; its stub stays in the catalogue.
_INCOMING = """
select d.id, d.guard_id, d.title, d.number,
       concat_ws(E'\n', d.number, d.sender, d.sender_number, d.addressees, d.summary,
                 (select string_agg(f.text, E'\n') from general_office_incomingfile x
                  join records_storedfile f on f.id = x.stored_id where x.document_id = d.id)),
       coalesce(d.received_on, d.opened_at::date), d.unit_id, d.label, d.file_class, d.state
from general_office_incomingdocument d
where d.id = any(%(keys)s)
  and not exists (select 1 from records_archivalitem i
                  where i.subject = 'general_office.IncomingDocument:' || d.id
                  and i.state in ('DESTROYED', 'TRANSFERRED'))
"""
_OUTGOING = """
select d.id, d.guard_id, d.title, d.number, d.keywords, d.body, coalesce(d.dated_on, d.opened_at::date), d.unit_id,
       d.label, d.state
from general_office_outgoingdocument d
where d.id = any(%(keys)s)
  and not exists (select 1 from records_archivalitem i
                  where i.subject = 'general_office.OutgoingDocument:' || d.id
                  and i.state in ('DESTROYED', 'TRANSFERRED'))
"""
# Number and neutral title: nothing else of a petition is found.
_PETITIONS = """
select p.id, p.guard_id, p.title, p.number, p.received_on, g.unit_id, g.label, p.state
from general_office_petition p join access_guard g on g.id = p.guard_id
where p.id = any(%(keys)s) and p.number <> ''
"""


def _asked(sql: str, keys: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"keys": list(keys)})
        return list(cursor.fetchall())


def _incoming(keys: Sequence[int], today: dt.date) -> Iterator[Entry]:
    for key, guard, title, number, body, dated, unit, label, class_code, state in _asked(_INCOMING, keys):
        shown = title or number
        yield Entry(guard, "incoming", f"general_office.IncomingDocument:{key}", dated, shown, shown, body,
                    unit, label, class_code, state)  # fmt: skip


def _outgoing(keys: Sequence[int], today: dt.date) -> Iterator[Entry]:
    for key, guard, title, number, keywords, body, dated, unit, label, state in _asked(_OUTGOING, keys):
        shown = f"{number} {title}".strip()
        text = f"{keywords}\n{manuscript.plain(_node(body))}"
        yield Entry(guard, "outgoing", f"general_office.OutgoingDocument:{key}", dated, shown, shown, text, unit, label,
                    state=OUTGOING_CODES.get(state, state))  # fmt: skip


def _petitions(keys: Sequence[int], today: dt.date) -> Iterator[Entry]:
    for key, guard, title, number, dated, unit, label, state in _asked(_PETITIONS, keys):
        shown = f"{number} {title}".strip()
        yield Entry(guard, "petition", f"general_office.Petition:{key}", dated, shown, shown, "", unit, label,
                    state=f"{PETITION}{state}")  # fmt: skip


def _node(body: Any) -> dict[str, Any]:
    found = json.loads(body) if isinstance(body, str) else body
    return found if isinstance(found, dict) else {}


SOURCES = (
    Source("general_office_incomingdocument", "general_office.IncomingDocument", _incoming),
    Source("general_office_outgoingdocument", "general_office.OutgoingDocument", _outgoing),
    Source("general_office_petition", "general_office.Petition", _petitions),
)
