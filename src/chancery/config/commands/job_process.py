"""The job worker's process: `python -m chancery.config.commands.job_process`, a child of `worker` and `demo`."""

from __future__ import annotations

import os


def main() -> None:
    """Run jobs until SIGTERM; the running ones are finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chancery.config.settings")
    import django

    from chancery.config import env

    django.setup()
    from chancery.foundations.jobs import work

    work(concurrency=env.number("WORKER_JOBS", 1))


if __name__ == "__main__":
    main()
