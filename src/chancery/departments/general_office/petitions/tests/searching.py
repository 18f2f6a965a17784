"""Looking for the sample sender in whatever is shown, sent or kept: every spelling, every wrapping."""

from __future__ import annotations

import html
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from chancery.departments.general_office.petitions.tests.desk import SENDER, WORDS
from chancery.foundations.papers import pdf

_SIGNS = re.compile(r"[\W_]+")
_PERCENT = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
#: Bytes of a row are printed in hexadecimal: what was stored without being sealed is found, too.
_CODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")


def folded(text: str) -> str:
    """Without width, case, spaces and punctuation: one spelling of many."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())


#: What is looked for in folded text. Short ones would be found by chance in hexadecimal.
SOUGHT = tuple(folded(word) for word in (*WORDS, SENDER.email, SENDER.address, *SENDER.representatives))
SOUGHT_BYTES = tuple(
    word.encode(coding)
    for word in (*WORDS, SENDER.name, SENDER.phone, SENDER.email, SENDER.address, SENDER.id_number)
    for coding in _CODINGS
)
SOUGHT_HEX = tuple(word.hex() for word in SOUGHT_BYTES if len(word) >= 8)


def told_by(text: str) -> list[str]:
    """What of the sender a text tells, as it stands or unwrapped."""
    text = html.unescape(text) if "&" in text else text
    plain = folded(text)
    found = [word for word in (*SOUGHT, *SOUGHT_HEX) if word in plain]
    for unwrapped in (
        unquote(text) if _PERCENT.search(text) else "",
        _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "\\u" in text else "",
    ):
        if unwrapped:
            found += [word for word in SOUGHT if word in folded(unwrapped)]
    return found


def told_by_bytes(content: bytes) -> list[str]:
    """The same of a file or an answer: text, paper, workbook or parcel."""
    found = [word.hex() for word in SOUGHT_BYTES if word in content]
    if content.startswith(b"%PDF"):
        _pages, words, particulars, attached = pdf.read(io.BytesIO(content))
        return found + told_by(f"{words} {particulars} {attached}")
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as parcel:
            for name in parcel.namelist():
                found += told_by(name) + told_by_bytes(parcel.read(name))
        return found
    return found + told_by(content.decode("utf-8", "replace"))


def told_by_answer(answer: Any) -> list[str]:
    """An answer of the site: head and body."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return told_by_bytes(content) + told_by(str(dict(answer.headers)))


def readable_columns() -> dict[str, list[str]]:
    """Tables and views of the site with the columns that the web role may select."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, array_agg(quote_ident(a.attname)) from pg_class c"
            " join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid"
            " where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0"
            " and not a.attisdropped and has_column_privilege(current_user, c.oid, a.attnum, 'select') group by 1"
        )
        return dict(cursor.fetchall())


def rows_that_tell(tables: dict[str, list[str]]) -> list[str]:
    """Tables in which a row tells of the sender, as far as whoever asks may read."""
    sought, found = "|".join((*SOUGHT, *SOUGHT_HEX)), []
    with connection.cursor() as cursor:
        for table, columns in tables.items():
            cursor.execute(
                f'select 1 from (select {", ".join(columns)} from "{table}") t where regexp_replace('
                " lower(normalize(t::text, NFKC)), '[^[:alnum:]一-鿿]', '', 'g') ~ %s limit 1",
                [sought],
            )
            if cursor.fetchone():
                found.append(table)
    return found


def told_by_sessions() -> list[str]:
    """Sessions are packed: their rows say nothing by themselves."""
    packed = list(Session.objects.values_list("session_data", flat=True))
    assert packed
    return [word for data in packed for word in told_by(json.dumps(SessionStore().decode(data), ensure_ascii=False))]


# --- Addresses -------------------------------------------------------------------------------------------------------
def _walk(patterns: list[Any], namespaces: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, (*namespaces, *filter(None, [pattern.namespace])))
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield ":".join((*namespaces, pattern.name)), tuple(pattern.pattern.converters)


def every_address() -> list[tuple[str, tuple[str, ...]]]:
    """Every named address of the site and its arguments."""
    return sorted(set(_walk(get_resolver().url_patterns, ())))


def filled(name: str, arguments: tuple[str, ...], samples: dict[str, list[Any]]) -> Iterator[str]:
    """The address with each sample of its one argument; of several arguments with the first of each."""
    rows = [samples.get(f"{name} {one}") or samples.get(one) or [] for one in arguments]
    if not all(rows):
        return
    tuples = [(value,) for value in rows[0]] if len(rows) == 1 else list(zip(*rows, strict=False))
    for values in tuples or [()]:
        try:
            yield reverse(name, args=values)
        except NoReverseMatch:
            continue
