"""Issue a numbered paper: set, seal, check, publish, put on the record, and the matter's two steps, by the services.

Floor: the sum of its parts measured in the same run, in turn with it: `set_paper` alone, pyHanko's signature alone, its
validator alone, two steps of a matter that do nothing else, and five plain inserts in one transaction. What is above
one is examination of the files, the checks before release, journal, search, verification, and the papers' law.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bench import _matters
from bench.frame import Row, Timing, site, summed

TIMES = 24
WARM = 3


def run() -> Iterator[Row]:
    """One row for the whole, one for each part (without a floor)."""
    with site() as home:
        from django.conf import settings

        settings.SEAL_KEYS = home / "seals"
        cast = _matters.people()
        with _matters.owner() as server:
            whole, parts = _acts(cast, server)
            taken = _in_turn([whole, *parts.values()])
        ours, *theirs = taken
        floor = Timing(sum(one.p50 for one in theirs), sum(one.p95 for one in theirs))
        yield Row.of("release", ours, floor, target=2, rows=TIMES)
        for name, timing in zip(parts, theirs, strict=True):
            yield Row(f"release_{name}", timing.p50, timing.p95, None, None, None, None)


def _in_turn(acts: Sequence[Callable[[], object]]) -> list[Timing]:
    """Every act in turn, so that all feel the same load; the first rounds do not count."""
    taken: list[list[float]] = [[] for _act in acts]
    for round_ in range(WARM + TIMES):
        for act, times in zip(acts, taken, strict=True):
            began = time.perf_counter()
            act()
            if round_ >= WARM:
                times.append((time.perf_counter() - began) * 1000)
    return [summed(times) for times in taken]


def _acts(cast: Any, server: Any) -> tuple[Callable[[], object], dict[str, Callable[[], object]]]:
    from django.db import transaction

    from chancery.departments.general_office.outgoing_documents import queries as documents
    from chancery.departments.general_office.outgoing_documents.issuing.tests.desk import Desk
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.procedures import queries as matters
    from chancery.kernel.procedures import services as procedures
    from chancery.kernel.records.seals import queries as seals
    from chancery.kernel.records.seals.checking.queries import findings_of_our_own
    from chancery.kernel.records.seals.keys import queries as keys
    from chancery.kernel.records.seals.sealing import queries as sealing
    from chancery.kernel.records.setting import set_paper

    desk = Desk(cast)
    seal = desk.register_seal()
    waiting = iter([desk.bring_to("seal", title=f"关于第{n}号事项的通知") for n in range(WARM + TIMES)])

    def whole() -> None:
        document = next(waiting)
        for step, outcome, who in (("seal", "SEALED", "seal_keeper"), ("release", "RELEASE", "office_head")):
            desk.press(document, step, outcome, who)

    first = desk.bring_to("seal", title="关于基准的通知")
    with acting_as(SYSTEM), transaction.atomic():
        paper = documents.paper_of(first, draft=False)
        certificate, impression = seals.certificate_of(seal.pk), seals.impression_of(seal)
    done = set_paper(paper, strict=True)
    said = sealing.Words(name=seal.legal_name, reason="Approved", location="", contact="")

    def sign() -> bytes:
        with keys.opened(
            certificate.key_store, certificate.key_ref, registered=certificate.sha256, at=clock.now()
        ) as signer:
            return sealing.sealed(
                done.pdf,
                signer=signer,
                impression=impression,
                diameter_mm=42.0,
                places=done.seal_places,
                words=said,
                code=seal.code,
                at=clock.now(),
            )

    sealed = sign()

    def check() -> None:
        with acting_as(SYSTEM), transaction.atomic():
            findings_of_our_own(sealed, clock.now())

    def move() -> None:
        for _step in range(2):
            procedures.complete(task_id=next(opened), outcome="SENT", by=cast.handler, at=clock.now())

    bare = {"procedure": "bench", "unit_id": cast.units["PF"], "by": cast.handler}
    made = [procedures.open_matter(title=f"M {n}", **bare, at=clock.now()).pk for n in range(2 * (WARM + TIMES))]
    with acting_as(SYSTEM), transaction.atomic():
        opened = iter([matters.open_tasks(matter_id)[0]["id"] for matter_id in made])
    server.execute("create table bench_row (id bigserial primary key, at timestamptz default now(), data jsonb)")

    def insert() -> None:
        with server.transaction():
            for _row in range(5):
                server.execute("insert into bench_row (data) values ('{}')")

    parts = {"set": lambda: set_paper(paper, strict=True), "sign": sign, "check": check, "steps": move, "rows": insert}
    return whole, parts
