"""Two versions side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chancery.departments.general_office.outgoing_documents.comparing import queries
from chancery.departments.general_office.outgoing_documents.drafting import services
from chancery.departments.general_office.outgoing_documents.drafting.terms import VersionKind
from chancery.foundations import clock, manuscript
from chancery.foundations.postgres.row_security import acting_as

if TYPE_CHECKING:
    from django.test import Client

    from chancery.demo.cast import Cast


def test_words_and_fields_that_changed_are_marked(cast: Cast, client_as: Callable[..., Client]) -> None:
    by, at = cast.drafter, clock.now()
    text = "请于十二月十日前报送预算。\n联系人：陆嘉。"
    facts = {"title": "关于报送预算的通知", "main": [cast.units["AS"]], "direction": "PARALLEL"}
    facts["body"] = manuscript.from_plain(text, profile="cn")
    draft = services.open_draft(paper_type="NOTICE", profile="cn", facts=facts, by=by, at=at)
    body = manuscript.from_plain(text.replace("十日", "十五日"), profile="cn")
    changes = {"body": body, "main": [cast.units["AS"], cast.units["SP"]], "title": "关于补报预算的通知"}
    services.save_draft(document_id=draft.pk, facts=changes, note="延期", by=by, at=at)
    with acting_as(by):
        found = queries.between(draft, 1, 2)
    assert found is not None
    assert found.is_changed
    assert {str(row.label) for row in found.fields} == {"Title", "Main addressees"}
    marks = {(piece.mark, piece.text) for row in found.rows for piece in (*(row.old or ()), *(row.new or ()))}
    assert any(mark == "ins" and "五" in text for mark, text in marks)
    assert found.new.note == "延期"
    page = client_as(by).get(f"/general-office/outgoing/{draft.pk}/compare/?from=1&to=2").content.decode()
    assert "<ins>" in page
    assert client_as(by).get(f"/general-office/outgoing/{draft.pk}/compare/?from=1&to=9").status_code == 404
    assert client_as(cast.outsider).get(f"/general-office/outgoing/{draft.pk}/compare/").status_code == 404


def test_the_same_twice_is_the_same(cast: Cast) -> None:
    draft = services.open_draft(paper_type="NOTICE", profile="cn", by=cast.drafter, at=clock.now())
    with acting_as(cast.drafter):
        found = queries.between(draft, 1, 1)
        assert found is not None
        assert not found.is_changed
        assert queries.since_signed(draft) is None
    services.keep_version(document_id=draft.pk, kind=VersionKind.SIGNED, by=cast.drafter, at=clock.now())
    with acting_as(cast.drafter):
        since = queries.since_signed(draft)
    assert since is not None
    assert not since.is_changed
