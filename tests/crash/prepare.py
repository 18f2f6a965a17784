"""What a house needs before the crash test: rulebook, procedures, the cast."""

from __future__ import annotations

import os

import django


def prepare() -> None:
    """Load them, as the system."""
    from chancery.demo.cast import PASSWORD, build_cast
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.foundations.rulebook.services import load_all
    from chancery.kernel.procedures.services import load_definitions

    at = clock.now()
    with acting_as(SYSTEM):
        load_all(by=SYSTEM, at=at)
        build_cast(at=at, by=SYSTEM, password=PASSWORD)
        load_definitions(by=SYSTEM, at=at)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chancery.config.settings")
    django.setup()
    prepare()
