"""A headquarters with very many matters, made set by set in SQL; and the procedure the benchmarks run."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import _process
from bench.frame import Timing, summed

OPEN_EACH = 200  # steps that wait for the measured person: a full desk, the same at every size


def register() -> None:
    """Put the benchmark's procedure on the board (in this process, and in the server's by `_wsgi`)."""
    from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register

    register(
        ProcedureBinding(
            code="bench",
            bpmn=Path(__file__).with_name("bench.bpmn"),
            name_en="Benchmark",
            name_zh="基准",
            steps={
                "draft": Step(outcomes={"SENT": ("Send", "送审")}, limit_key="procedures.recall.days"),
                "review": Step(
                    outcomes={"PASS": ("Pass", "通过"), "FAULTY": ("Not yet", "不合格")},
                    limit_key="procedures.recall.days",
                ),
                "sign": Step(outcomes={"SIGN": ("Sign", "签发")}),
            },
        )
    )


def people() -> Any:
    """The cast, and the drawing in force."""
    from chancery.demo.cast import PASSWORD, build_cast
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.procedures import services

    register()
    with acting_as(SYSTEM):
        cast = build_cast(at=clock.now(), password=PASSWORD)
        services.load_definitions(by=SYSTEM, at=clock.now())
    return cast


_GENERATE = """
set session_replication_role = replica;
insert into access_guard (id, unit_id, label, scope, opened_post_id, opened_account_id, is_public, reader_posts,
       reader_duties)
select i, u.id, 10, 'bench', %(post)s, %(account)s, false, '{{}}',
       case when mine.yes then array['handler@' || %(unit)s] else array['handler@' || u.id] end
from generate_series(%(low)s, %(high)s) i
join (select id, row_number() over (order by id) - 1 as n, count(*) over () as many from directory_unit) u on
       u.n = i %% u.many
cross join lateral (select i <= %(mine)s as yes) mine;
insert into access_guardreader (guard_id, post_id, role, unit_id, how, since)
select id, null, 'handler', split_part(reader_duties[1], '@', 2)::bigint, 'task', now()
from access_guard where id between %(low)s and %(high)s;
insert into procedures_matter (id, number, title, procedure, definition_id, state, closed_how, unit_id, label,
       urgency, subject,
    guard_id, due_on, due_unit, is_provisional, opened_at, opened_person_id, opened_post_id, opened_body_id,
       closed_at, version, act_token)
select g.id, 'B-' || g.id, 'Matter ' || g.id || ' 关于第' || g.id || '号事项', 'bench', %(definition)s,
       case when open.yes then 'OPEN' else 'CLOSED' end, case when open.yes then '' else 'RUN' end,
       g.unit_id, 10, case when g.id %% 10 = 0 then 'URGENT' else 'NORMAL' end, '', g.id, current_date + (g.id
       %% 30)::int, 'WD', false,
       now() - interval '1 day', %(person)s, %(post)s, %(body)s, case when open.yes then null else now() end, 1, ''
from access_guard g cross join lateral (select g.id <= %(mine)s or g.id %% 20 = 0 as yes) open
where g.id between %(low)s and %(high)s;
insert into procedures_standing (matter_id, guard_id, body, timer_at)
select id, guard_id, %(state)s, null from procedures_matter where id between %(low)s and %(high)s;
insert into procedures_task (id, matter_id, guard_id, key, step, role, unit_id, post_id, asked_post_id, item,
       state, to_read, procedure,
    urgency, asked_at, due_on, due_unit, is_provisional, is_late, outcome, doer_person_id, version, act_token,
       done_at)
select m.id, m.id, m.id, %(key)s, 'draft', 'handler', case when m.id <= %(mine)s then %(unit)s else m.unit_id end,
       null, null, null, case when m.state = 'OPEN' then 'READY' else 'DONE' end, false, 'bench', m.urgency,
       m.opened_at, m.due_on, 'WD',
       false, false, '', null, 1, '', m.closed_at
from procedures_matter m where m.id between %(low)s and %(high)s
  and (m.id <= %(mine)s or m.unit_id <> all (%(units)s) or m.state = 'CLOSED');
set session_replication_role = origin;
select setval('procedures_matter_id_seq', %(high)s), setval('procedures_task_id_seq', %(high)s),
       setval('access_guard_id_seq', %(high)s);
analyze access_guard; analyze access_guardreader; analyze procedures_matter; analyze procedures_task; analyze
       procedures_standing;
"""


def generate(cast: Any, upto: int) -> None:
    """Fill up to `upto` matters, a twentieth of them open; `OPEN_EACH` wait for the measured handler at every size."""
    import psycopg
    from django.db import connection

    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.procedures.definitions.models import Definition
    from chancery.kernel.procedures.engine.machine import Machine
    from chancery.kernel.procedures.queries import plan_of

    with acting_as(SYSTEM):
        definition = Definition.objects.get(code="bench", is_current=True)
        plan = plan_of("bench", definition.hash, definition.pk)
        machine = Machine.start(plan, now=clock.now())
        body = machine.dump()
        with connection.cursor() as cursor:
            cursor.execute(
                "select array_agg(descendant_id) from directory_unitclosure where ancestor_id = %s", [cast.units["PF"]]
            )
            units = cursor.fetchone()[0]
        parameters = {
            "high": upto, "mine": OPEN_EACH, "post": cast.registrar.post_id,
            "account": cast.registrar.account_id,
            "person": cast.registrar.person_id, "body": cast.registrar.body_id, "unit": cast.units["PF"],
            "units": units,
            "definition": definition.pk, "state": body, "key": machine.positions()[0].key,
        }  # fmt: skip
    with owner() as server:
        parameters["low"] = server.execute("select coalesce(max(id), 0) + 1 from procedures_matter").fetchone()[0]
        for statement in _GENERATE.replace("{{}}", "{}").split(";\n"):
            if statement.strip():
                client = psycopg.ClientCursor(server)
                client.execute(statement, parameters)


@contextlib.contextmanager
def owner() -> Iterator[Any]:
    """A connection of the owner, autocommitting."""
    import psycopg

    from chancery.foundations.postgres import embedded

    home = Path(os.environ["CHANCERY_HOME"]) / "postgres"
    with psycopg.connect(
        **{**embedded.ensure(home).params(), "user": "postgres", "dbname": "chancery"}, autocommit=True
    ) as server:
        yield server


@contextlib.contextmanager
def web(home: Path) -> Iterator[int]:
    """One granian worker as the house runs it, with the benchmark's procedure; its port."""
    port = _process.free_port()
    environment = {
        **os.environ,
        "CHANCERY_HOME": str(home),
        "CHANCERY_DB_POOL": "1",
        "PORT": str(port),
        "CHANCERY_DB_AS": "web",
    }
    command = [
        *(sys.executable, "-m", "chancery.config.commands.web_process", "bench._wsgi:application"),
        *("--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", "1", "--blocking-threads", "2", "--no-ws", "--log-level", "warning"),
    ]
    process = subprocess.Popen(command, env=environment)
    try:
        _process._wait(process, port)  # type: ignore[arg-type]  # it only asks whether it lives
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


class Person:
    """Somebody signed in over HTTP, on one connection kept open."""

    def __init__(self, port: int, actor: Any) -> None:
        from importlib import import_module

        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.db import transaction

        from chancery.foundations.actor import SYSTEM
        from chancery.foundations.postgres.row_security import acting_as
        from chancery.kernel.access.accounts.models import Account
        from chancery.kernel.access.middleware import BEGAN, HAT, SEEN

        now = int(dt.datetime.now(dt.UTC).timestamp())
        with acting_as(SYSTEM), transaction.atomic():
            account = Account.objects.get(pk=actor.account_id)
            session = import_module(settings.SESSION_ENGINE).SessionStore()
            session.update(
                {
                    SESSION_KEY: str(account.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: account.get_session_auth_hash(),
                    HAT: actor.post_id,
                    BEGAN: now,
                    SEEN: now,
                }
            )
            session.save()
        self.token = "b" * 32
        self.headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={self.token}"}
        self.connection = http.client.HTTPConnection("127.0.0.1", port)

    def get(self, path: str) -> bytes:
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status, re.sub(rb"\s+", b" ", body)[:2000])
        return body

    def post(self, path: str, **form: str) -> None:
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, urlencode({"csrfmiddlewaretoken": self.token, **form}), headers)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 302, (path, answer.status, re.sub(rb"\s+", b" ", body)[:2000])


def in_turn(calls: Sequence[Callable[[], object]], times: int) -> list[Timing]:
    """Time several calls taken in turn: a machine that is busy for a while is busy for all of them."""
    for _ in range(max(5, times // 10)):
        for call in calls:
            call()
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(times):
        for call, into in zip(calls, taken, strict=True):
            began = time.perf_counter()
            call()
            into.append((time.perf_counter() - began) * 1000)
    return [summed(one) for one in taken]
