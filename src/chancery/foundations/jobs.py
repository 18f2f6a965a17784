"""Work for later, kept in PostgreSQL and enqueued in the running transaction (procrastinate).

    @task(queue="mail")
    def send_digest(*, person_id: int) -> None: ...

    enqueue(send_digest, person_id=7)      # inside a service: rolled back with it, run once it is committed

A task is a keyword-only function in an app's (or a function folder's) `tasks.py`. It runs as the web role with the
SYSTEM actor stamped, in one transaction (`atomic=False`: none; then every service it calls has its own). Arguments are
JSON: pass keys, not rows; row security does not guard the queue. A worker that dies is noticed by its missing heartbeat
and its job is run again, so a task must bear to be run twice.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import importlib
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, ParamSpec, overload

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import translation
from procrastinate import App, JobContext, RetryStrategy
from procrastinate.app import WorkerOptions
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

P = ParamSpec("P")

QUEUE = "default"
ATTEMPTS = 5
RESCUE = "foundations.jobs.take_up_stalled"
STALLED_AFTER = 30.0  # seconds without a heartbeat


@dataclass(frozen=True, eq=False)
class Task(Generic[P]):
    """A function that a worker runs later. Calling it runs it here and now, as the worker would."""

    name: str
    function: Callable[P, object]
    queue: str = QUEUE
    attempts: int = ATTEMPTS
    lock: str | None = None
    atomic: bool = True
    cron: str | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run it now, stamped SYSTEM, in the site's language."""
        with ExitStack() as around:
            around.enter_context(acting_as(SYSTEM))
            around.enter_context(translation.override(settings.LANGUAGE_CODE))
            if self.atomic:
                around.enter_context(transaction.atomic())
            self.function(*args, **kwargs)


_tasks: dict[str, Task[Any]] = {}


@overload
def task(function: Callable[P, object], /) -> Task[P]: ...


@overload
def task(
    *, queue: str = ..., attempts: int = ..., lock: str | None = ..., atomic: bool = ...
) -> Callable[[Callable[P, object]], Task[P]]: ...


def task(
    function: Callable[P, object] | None = None,
    /,
    *,
    queue: str = QUEUE,
    attempts: int = ATTEMPTS,
    lock: str | None = None,
    atomic: bool = True,
) -> Task[P] | Callable[[Callable[P, object]], Task[P]]:
    """Declare a task. A failure is tried again after 2, 4, 8 … seconds, `attempts` times in all.

    Jobs of one `lock` never overlap.
    """

    def declare(declared: Callable[P, object]) -> Task[P]:
        return _register(declared, queue=queue, attempts=attempts, lock=lock, atomic=atomic)

    return declare(function) if function is not None else declare


def periodic(cron: str, *, queue: str = QUEUE, atomic: bool = True) -> Callable[[Callable[..., object]], Task[Any]]:
    """Declare a task that runs by the clock: `f(*, at)`, with the time it was due. `cron` is in UTC.

    Runs never overlap. For a time of day that is data (the rulebook's), run every ten minutes and look whether it has
    struck.
    """

    def declare(declared: Callable[..., object]) -> Task[Any]:
        name = _name(declared)

        @functools.wraps(declared)
        def at_its_time(*, timestamp: int) -> None:
            declared(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))

        return _register(at_its_time, queue=queue, attempts=1, lock=name, atomic=atomic, cron=cron)

    return declare


def enqueue(declared: Task[P], /, *args: P.args, **kwargs: P.kwargs) -> int:
    """Enqueue a task in the running transaction; returns the job's number."""
    if args:
        raise TypeError("a task takes keyword arguments only")
    return enqueue_later(declared, kwargs)


def enqueue_later(
    declared: Task[Any],
    arguments: dict[str, Any],
    /,
    *,
    not_before: dt.datetime | None = None,
    lock: str | None = None,
    once: str | None = None,
) -> int:
    """`enqueue` with a time, a lock of its own, or `once`.

    `once`: while a job of that name waits, another is not added; then 0 is returned.
    """
    job = configure_task(
        name=declared.name,
        job_manager=_manager(),
        queue=declared.queue,
        lock=lock or declared.lock,
        queueing_lock=once,
        schedule_at=not_before,
    )
    if once is None:
        return job.defer(**arguments)
    try:
        # The queue's unique index says no; a savepoint keeps the caller's transaction alive.
        with transaction.atomic():
            return job.defer(**arguments)
    except AlreadyEnqueued:
        return 0


def discover() -> dict[str, Task[Any]]:
    """Import every `tasks.py` of our apps and their function folders; returns all tasks by name."""
    for app in apps.get_app_configs():
        root = Path(app.path)
        if not app.name.startswith("chancery."):
            continue
        for path in sorted(root.rglob("tasks.py")):
            inside = path.relative_to(root).with_suffix("").parts
            if "tests" not in inside:
                importlib.import_module(".".join((app.name, *inside)))
    return dict(_tasks)


def work(*, queues: Iterable[str] | None = None, concurrency: int = 1, until_idle: bool = False) -> None:
    """Run jobs until SIGTERM or SIGINT (the running job is finished first).

    `until_idle`: run what waits and return; the clock's own tasks are left alone.
    """
    discover()
    asyncio.run(
        _work(_worker_app(by_the_clock=not until_idle), list(queues) if queues else None, concurrency, until_idle)
    )


def _register(function: Callable[P, object], **options: Any) -> Task[P]:
    declared = Task(_name(function), function, **options)
    known = _tasks.get(declared.name)
    if known is not None and known.function.__code__ is not function.__code__:
        raise ValueError(f"two tasks are called {declared.name}")
    _tasks[declared.name] = declared
    return declared


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__name__}".removeprefix("chancery.")


@functools.cache
def _manager() -> JobManager:
    # Always Django's own connection, in the worker too: a task's enqueue belongs to the task's transaction.
    return JobManager(DjangoConnector())


def _worker_app(*, by_the_clock: bool) -> App:
    """A procrastinate app on a direct connection (LISTEN does not pass a pooler), with every declared task."""
    app = DjangoApp(connector=DjangoConnector().get_worker_connector())
    for declared in _tasks.values():
        retry = (
            RetryStrategy(max_attempts=declared.attempts - 1, exponential_wait=2) if declared.attempts > 1 else False
        )
        made = app.task(name=declared.name, queue=declared.queue, lock=declared.lock, retry=retry)(
            functools.partial(declared.__call__)
        )
        if declared.cron is not None and by_the_clock:
            app.periodic(cron=declared.cron, queueing_lock=declared.name)(made)
    rescue = app.task(name=RESCUE, queue=QUEUE, pass_context=True)(_take_up_stalled)
    if by_the_clock:
        app.periodic(cron="* * * * *", queueing_lock=RESCUE)(rescue)
    return app


async def _take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Give the jobs of dead workers back to the queue."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await manager.retry_job(job)


async def _work(app: App, queues: list[str] | None, concurrency: int, until_idle: bool) -> None:
    options = WorkerOptions(
        concurrency=concurrency,
        wait=not until_idle,
        delete_jobs="successful",
        install_signal_handlers=True,
        shutdown_graceful_timeout=20,
        stalled_worker_timeout=STALLED_AFTER,
    )
    if queues is not None:
        options["queues"] = queues
    async with app.open_async():
        await app.run_worker_async(**options)
