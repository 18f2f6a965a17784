"""PDF upload to stored, hashed, searchable: `store_file` and `index_item` in one durable transaction.

Each document is another three-page PDF of Chinese and English text, some 20 kB. What is measured is the whole intake
behind the form: examination (type, text of every page, state-secret marking), SHA-256, content on disk with fsync,
rows, journal, index, commit. The floor is the least that could be called intake, in plain Python and SQL on the same
machine: text of the same PDF, its SHA-256, one file with fsync, one row with a ready-made tsvector, one commit.

Row `intake_rate`: `rows` holds the documents a second of two processes at work at once, as two web workers are; `ratio`
is to the 150 a second reached for (1 or more is reached).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.frame import Row, site, timed

DOCUMENTS = 200
REACH = 150
AT = dt.datetime.now(dt.UTC)
SENTENCE = "各有关单位：为做好第{n}次会议筹备工作，请按要求报送参会名单。The secretariat keeps list {n} of delegates. "


def run() -> Iterator[Row]:
    """Two rows."""
    with site() as home:
        papers = _papers(DOCUMENTS * 3)
        world = _world()
        ours = timed(_ours(world, iter(papers[:DOCUMENTS])), DOCUMENTS - 20, warm=20)
        floor = timed(_floor(home, iter(papers[DOCUMENTS : DOCUMENTS * 2])), DOCUMENTS - 20, warm=20)
        yield Row.of("intake", ours, floor, target=None, rows=DOCUMENTS)
        rate = _two_at_once(world, papers[DOCUMENTS * 2 :])
    yield Row("intake_rate", None, None, None, rate / REACH, 1.0, round(rate))


def _papers(count: int) -> list[bytes]:
    from chancery.foundations import typeset

    source = '#set page(paper: "a4")\n#set text(font: "Noto Serif SC")\n' + "#pagebreak()\n".join(
        ["#sys.inputs.text\n"] * 3
    )
    return [typeset.pdf_of_source(source, {"text": f"文件 {n}\n\n" + SENTENCE.format(n=n) * 12}) for n in range(count)]


def _world() -> dict[str, Any]:
    from django.db import transaction

    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.access.models import Account
    from chancery.kernel.access.queries import actor_for
    from chancery.kernel.access.services import open_guard
    from chancery.kernel.directory import services as directory

    with acting_as(SYSTEM), transaction.atomic():
        by = {"by": SYSTEM, "at": AT}
        unit = directory.create_unit(code="BENCH", name_en="Office", name_zh="办公室", kind="DEPARTMENT", **by)
        person = directory.add_person(name_en="Tang Wei", name_zh="唐薇", is_sample=True, **by)
        post = directory.open_post(unit_id=unit.pk, title_en="Clerk", title_zh="干部", **by)
        directory.appoint(person_id=person.pk, post_id=post.pk, **by)
        account = Account.objects.create(email="bench@sample.invalid", person=person, created_at=AT, password="")
    actor = actor_for(account, post.pk)
    return {"actor": actor, "guard_id": open_guard(unit_id=unit.pk, label=10, by=actor, at=AT).pk}


def _take_in(world: dict[str, Any], content: bytes) -> None:
    from django.db import transaction

    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.records.services import index_item, store_file

    by, guard_id = world["actor"], world["guard_id"]
    with acting_as(by), transaction.atomic():
        file = store_file(guard_id=guard_id, name="通知.pdf", content=io.BytesIO(content), by=by, at=AT)
        index_item(
            guard_id=guard_id,
            kind="file",
            subject=f"records.storedfile:{file.pk}",
            dated=AT.date(),
            title_zh=file.name,
            title_en=file.name,
            body=file.text,
            by=by,
            at=AT,
        )


def _ours(world: dict[str, Any], papers: Iterator[bytes]) -> Any:
    return lambda: _take_in(world, next(papers))


def _floor(home: Path, papers: Iterator[bytes]) -> Any:
    import psycopg
    import pypdfium2

    from chancery.foundations.postgres import embedded

    connection = psycopg.connect(**{**embedded.ensure(home / "postgres").params(), "dbname": "chancery"})
    connection.execute("create table floor_file (sha256 text primary key, body text, tokens tsvector)")
    connection.execute("create index on floor_file using gin (tokens)")
    connection.commit()
    folder = home / "floor"
    folder.mkdir()

    def take_in() -> None:
        content = next(papers)
        document = pypdfium2.PdfDocument(content)
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        sha256 = hashlib.sha256(content).hexdigest()
        with (folder / sha256).open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        connection.execute(
            "insert into floor_file values (%s, %s, %s::tsvector)", [sha256, text, f"'{sha256}' '会议' '名单' 'list'"]
        )
        connection.commit()

    return take_in


def _two_at_once(world: dict[str, Any], papers: list[bytes]) -> float:
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(3)
    workers = [context.Process(target=_work, args=(world, papers[part::2], ready)) for part in range(2)]
    for worker in workers:
        worker.start()
    ready.wait()
    began = time.perf_counter()
    for worker in workers:
        worker.join()
    taken = time.perf_counter() - began
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a worker failed")
    return (len(papers) - 20) / taken


def _work(world: dict[str, Any], papers: list[bytes], ready: Any) -> None:
    for content in papers[:10]:
        _take_in(world, content)
    ready.wait()
    for content in papers[10:]:
        _take_in(world, content)
