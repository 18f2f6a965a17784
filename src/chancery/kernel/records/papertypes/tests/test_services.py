"""Types as dated data: loading, amending, ending; unknown and expired ones."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.records.papertypes import queries, rules, services
from chancery.kernel.records.papertypes.models import PaperType

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chancery.demo.cast import Cast

TODAY = dt.date(2026, 11, 23)


def amended(cast: Cast, **changes: object) -> PaperType:
    row = queries.demanded("REPORT", on=TODAY, profile="cn")
    told = {
        "said": {name: getattr(row, name) for name in queries.WORDS},
        "type_rules": {**row.rules, "needs_annex": {"value": True, "basis_en": "", "basis_zh": ""}},
        "valid_from": TODAY,
        "reason": "年度工作报告须附报表",
        **changes,
    }
    return services.amend_type(profile="cn", code="REPORT", by=cast.office_head, at=clock.now(), **told)


def test_loading_twice_changes_nothing(cast: Cast) -> None:
    report = services.load_types(by=SYSTEM, at=clock.now())
    assert (report.added, report.corrected, report.kept, report.unchanged) == ([], [], [], 19)


def test_an_amended_type_is_a_new_row_and_the_old_one_ends_the_day_before(cast: Cast) -> None:
    made = amended(cast)
    old = PaperType.objects.get(superseded_by=made)
    assert old.valid_to == TODAY - dt.timedelta(days=1)
    assert queries.demanded("REPORT", on=TODAY, profile="cn").says("needs_annex") is True
    assert queries.demanded("REPORT", on=old.valid_to, profile="cn").says("needs_annex") is None
    with acting_as(cast.auditor):
        entries = journal.timeline(services.subject("cn", "REPORT"))
    assert len(entries) == 2


def test_a_release_leaves_what_the_site_edited_alone(cast: Cast) -> None:
    amended(cast)
    report = services.load_types(by=SYSTEM, at=clock.now())
    assert queries.demanded("REPORT", on=TODAY, profile="cn").says("needs_annex") is True
    assert report.unchanged == 19


def test_an_edit_needs_a_reason_a_basis_and_a_fresh_look(cast: Cast) -> None:
    with pytest.raises(Refused) as found:
        amended(cast, reason=" ")
    assert found.value.field == "reason"
    with pytest.raises(Stale):
        amended(cast, seen="0" * 16)
    with pytest.raises(Refused) as found:
        amended(cast, type_rules={"directions": {"value": ["SIDEWAYS"]}})
    assert found.value.field == "directions"


def test_an_ended_and_an_unknown_type_are_refused(cast: Cast) -> None:
    row = queries.demanded("REPORT", on=TODAY, profile="cn")
    services.end_type(type_id=row.pk, last_day=TODAY, reason="不再使用", by=cast.office_head, at=clock.now())
    assert queries.demanded("REPORT", on=TODAY, profile="cn")
    for code in ("REPORT", "TELEGRAM"):
        with pytest.raises(rules.UnknownType) as found:
            queries.demanded(code, on=TODAY + dt.timedelta(days=1), profile="cn")
        assert found.value.field == "paper_type"


def test_history_cannot_be_overwritten(cast: Cast) -> None:
    for verb in ("update records_papertype set rules = '{}'", "delete from records_papertype"):
        with pytest.raises(DatabaseError), acting_as(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)


def test_everyone_reads_the_types_and_only_the_rulebook_editor_edits(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    reader, editor = client_as(cast.outsider), client_as(cast.office_head)
    page = reader.get("/records/paper-types/cn/")
    assert page.status_code == 200
    assert "请示" in page.content.decode() or "Request" in page.content.decode()
    assert reader.get("/records/paper-types/cn/REQUEST/").status_code == 200
    assert reader.get("/records/paper-types/cn/REQUEST/amend/").status_code == 403
    assert reader.get("/records/paper-types/cn/TELEGRAM/").status_code == 404
    form = editor.get("/records/paper-types/cn/REPORT/amend/")
    assert form.status_code == 200
    data = {name: value for name, value in form.context["form"].initial.items() if value is not None}
    answer = editor.post("/records/paper-types/cn/REPORT/amend/", {**data, "needs_annex": "yes", "reason": "须附报表"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert queries.demanded("REPORT", on=clock.today(), profile="cn").says("needs_annex") is True
    ended = editor.post("/records/paper-types/cn/OPINION/end/", {"last_day": "2030-01-01", "reason": "停用"})
    assert ended.status_code == 302
