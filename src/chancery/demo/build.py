"""Builds the living federation: directory, rulebook, cast, then each function's part of the story. Safe to run again.

    build(progress=lambda done, total, words: ...)

Every part looks at what is there already and does the rest, so a load that was killed goes on with the part it was in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from chancery.demo.cast import PASSWORD, build_cast
from chancery.demo.texts import real_texts
from chancery.departments.general_office.archives import demo as archives
from chancery.departments.general_office.confidential_work import demo as confidential_work
from chancery.departments.general_office.incoming_documents import demo as incoming_documents
from chancery.departments.general_office.outgoing_documents import demo as outgoing_documents
from chancery.departments.general_office.outgoing_documents.drafting.beginnings.services import load_templates
from chancery.departments.general_office.petitions import demo as petitions
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import services as rulebook
from chancery.kernel import directory
from chancery.kernel.directory.loading.services import load_file
from chancery.kernel.directory.models import Unit
from chancery.kernel.publishing.notices import demo as notices
from chancery.kernel.records.fileplan.services import load_plan
from chancery.kernel.records.papertypes.services import load_types

Progress = Callable[[int, int, str], None]
SEED = Path(directory.__file__).parent / "data" / "seed.toml"
# Shares of the whole, in per cent, by measure.
DIRECTORY, CAST, TEXTS, INCOMING = 4, 7, 12, 62


def _silent(done: int, total: int, words: str) -> None:
    """Say nothing."""


def build(progress: Progress = _silent, *, now: dt.datetime | None = None, count: int = 160) -> None:
    """Build what is missing. `count` documents are told of; `now` is when the story's present is."""
    now = now or clock.now()
    with acting_as(SYSTEM), transaction.atomic():
        progress(0, 100, _("Loading the directory"))
        rulebook.load_all(by=SYSTEM, at=now)
        load_types(by=SYSTEM, at=now)
        load_templates(by=SYSTEM, at=now)
        if not Unit.objects.filter(code="IA-HOME").exists():
            load_file(path=SEED, by=SYSTEM, at=now, apply=True)
        progress(DIRECTORY, 100, _("Introducing the sample cast"))
        cast = build_cast(at=now, password=PASSWORD)
        load_plan(unit_id=cast.units["CAST"], keeper_unit_id=cast.units["GO"], by=SYSTEM, at=now)
    progress(CAST, 100, _("Setting real texts as documents"))
    texts = list(real_texts())
    words = _("Taking documents through their procedure")
    progress(TEXTS, 100, words)

    def step(done: int, total: int) -> None:
        progress(TEXTS + (INCOMING - TEXTS) * done // total, 100, words)

    incoming_documents.tell(cast=cast, now=now, texts=texts, count=count, progress=step)
    sending = _("Taking papers from the draft to the receipt")

    def sent(done: int, total: int) -> None:
        progress(INCOMING + (100 - INCOMING) * done // total, 100, sending)

    outgoing_documents.tell(cast=cast, now=now, count=count, progress=sent)
    archives.tell(cast=cast, now=now)
    confidential_work.tell(cast=cast, now=now)
    petitions.tell(cast=cast, now=now)
    notices.tell(cast=cast, now=now)
    progress(100, 100, _("The demonstration is ready"))
