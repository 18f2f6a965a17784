"""The archive's part of the story can be told, and told again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from chancery.departments.general_office.archives import demo
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures.services import load_definitions
from chancery.kernel.records.archive.models import ArchivalItem, ArchiveBox
from chancery.kernel.records.archive.tests.shelf import AT

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.FILE_STORE = tmp_path / "files"
    settings.SEAL_KEYS = tmp_path / "seals"


def test_what_was_filed_earlier_stands_in_the_archive_and_is_told_once(cast: Cast) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        load_definitions(by=SYSTEM, at=AT)
    for _twice in range(2):
        demo._file_earlier(cast, AT)  # the parts have tests of their own
    with acting_as(SYSTEM), transaction.atomic():
        assert ArchivalItem.objects.filter(kind=demo.KIND).count() == sum(many for _back, many in demo.YEARS)
        assert ArchiveBox.objects.exists()
