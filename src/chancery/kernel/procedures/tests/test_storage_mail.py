"""What a storage check found is told to the archivists by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures.notices.models import Mail
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.fixity.tests.test_services import NOON, check, content_of, flip, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chancery.demo.cast import Cast


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.FILE_STORE = tmp_path / "files"
    settings.CONTENT_COPY = settings.CONTENT_COPY_BUCKET = ""
    with clock.fixed_at(NOON):
        yield


def test_archivists_are_told_by_mail_without_a_title(cast: Cast) -> None:
    [item] = filed(cast, title="Hidden words")
    flip(place_of(content_of(item)))
    run = check(cast)
    with acting_as(SYSTEM):
        [mail] = Mail.objects.filter(subject__contains="Storage check")
    assert mail.to_email == "bai.ru@example.org"
    assert mail.subject == "Storage check: 1 broken, 0 restored"
    assert f"/records/fixity/{run.pk}/" in mail.text
    assert "Hidden" not in mail.text
