"""The pages of drafting, as the people at them use them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.departments.general_office.outgoing_documents import queries
from chancery.departments.general_office.outgoing_documents.address_book.models import AddressGroup
from chancery.departments.general_office.outgoing_documents.drafting import services
from chancery.departments.general_office.outgoing_documents.drafting.models import DraftTemplate
from chancery.departments.general_office.outgoing_documents.drafting.views import as_typed
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import State
from chancery.foundations import clock, manuscript
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

if TYPE_CHECKING:
    from django.test import Client

    from chancery.demo.cast import Cast

TITLE = "关于报送二〇二七年度预算的通知"


@pytest.fixture
def draft(cast: Cast) -> OutgoingDocument:
    facts = {
        "title": TITLE,
        "body": manuscript.from_plain("各部门：\n一、时间\n请于十二月十日前报送预算。", profile="cn"),
        "main": [cast.units["AS"], cast.units["SP"]],
        "direction": "PARALLEL",
    }
    return services.open_draft(paper_type="NOTICE", profile="cn", facts=facts, by=cast.drafter, at=clock.now())


@pytest.fixture
def drafter(cast: Cast, client_as: Callable[..., Client]) -> Client:
    return client_as(cast.drafter)


def typed(cast: Cast, draft: OutgoingDocument, **more: Any) -> dict[str, Any]:
    """What the editor's page sends, with changes."""
    with acting_as(cast.drafter):
        draft.refresh_from_db()
        data = as_typed(draft)
    return {**dict(data.lists()), **more}


def test_every_page_of_a_draft_opens(cast: Cast, drafter: Client, draft: OutgoingDocument) -> None:
    for address in ("", "edit/", "preview/", "versions/", "versions/1/", "compare/"):
        answer = drafter.get(f"/general-office/outgoing/{draft.pk}/{address}")
        assert answer.status_code == 200, address
    for address in (
        "drafts/",
        "new/",
        "new/?profile=neutral",
        "templates/",
        "templates/new/",
        "groups/",
        "groups/new/",
    ):
        assert drafter.get(f"/general-office/outgoing/{address}").status_code == 200, address
    assert drafter.get(f"/general-office/outgoing/{draft.pk}/preview.pdf").content[:5] == b"%PDF-"


def test_a_type_and_a_template_begin_a_draft_once(cast: Cast, drafter: Client) -> None:
    page = drafter.get("/general-office/outgoing/new/?profile=cn").content.decode()
    token = page.split('name="act_token" value="')[1].split('"')[0]
    with acting_as(SYSTEM):
        template = DraftTemplate.objects.get(code="request-approval")
    data = {"paper_type": "REQUEST", "template": template.pk, "act_token": token, "profile": "cn"}
    first = drafter.post("/general-office/outgoing/new/?profile=cn", data)
    second = drafter.post("/general-office/outgoing/new/?profile=cn", data)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    with acting_as(SYSTEM):
        (made,) = OutgoingDocument.objects.all()
    assert "妥否，请批示。" in manuscript.plain(made.body)
    assert made.direction == "UPWARD"


def test_typed_text_is_saved_and_stays_when_refused(cast: Cast, drafter: Client, draft: OutgoingDocument) -> None:
    address = f"/general-office/outgoing/{draft.pk}/edit/"
    saved = drafter.post(address, typed(cast, draft, title=["关于预算的通知"], version_note=["改短"]))
    assert saved.status_code == 302
    stale = drafter.post(address, typed(cast, draft, title=["关于决算的通知"], seen_version=["1"]))
    assert stale.status_code == 409
    said = stale.content.decode()
    assert "关于决算的通知" in said
    assert "<ins>" in said
    again = drafter.post(address, {**typed(cast, draft, title=["关于决算的通知"]), "seen_version": ["2"]})
    assert again.status_code == 302
    marked = drafter.post(address, typed(cast, draft, note=["机密★20年"]))
    assert marked.status_code == 422
    with acting_as(SYSTEM):
        draft.refresh_from_db()
    assert (draft.title, draft.note, draft.version) == ("关于决算的通知", "", 3)


def test_an_incomplete_paper_is_kept_and_told_at_its_fields(
    cast: Cast, drafter: Client, draft: OutgoingDocument
) -> None:
    data = typed(cast, draft, act=["submit"], main=[], title=["关于预算"])
    answer = drafter.post(f"/general-office/outgoing/{draft.pk}/edit/", data)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"main", "title"}
    assert "条例" in str(form.errors["title"]) or "Rules" in str(form.errors["title"])
    with acting_as(SYSTEM):
        draft.refresh_from_db()
    assert (draft.state, draft.title) == (State.DRAFT, "关于预算")
    fine = drafter.post(
        f"/general-office/outgoing/{draft.pk}/edit/",
        typed(cast, draft, act=["submit"], main=[str(cast.units["AS"])], title=[TITLE]),
    )
    assert fine.status_code == 302
    with acting_as(SYSTEM):
        draft.refresh_from_db()
    assert draft.state == State.UNDER_WAY


def test_findings_are_shown_when_submitted_from_the_page(cast: Cast, drafter: Client) -> None:
    empty = services.open_draft(paper_type="REQUEST", profile="cn", by=cast.drafter, at=clock.now())
    answer = drafter.post(f"/general-office/outgoing/{empty.pk}/submit/")
    assert answer.status_code == 422
    assert {"title", "body", "main", "signer_post"} <= set(answer.context["form"].errors)


def test_unsaved_work_is_offered_and_restored(cast: Cast, drafter: Client, draft: OutgoingDocument) -> None:
    base = f"/general-office/outgoing/{draft.pk}"
    kept = drafter.post(f"{base}/unsaved/", typed(cast, draft, title=["没有保存的标题"]))
    assert kept.json()["at"]
    assert "?unsaved=" in drafter.get(f"{base}/edit/").content.decode()
    restored = drafter.get(f"{base}/edit/?unsaved={cast.drafter.person_id}")
    assert "没有保存的标题" in restored.content.decode()
    assert drafter.post(f"{base}/unsaved/drop/").status_code == 302
    assert "?unsaved=" not in drafter.get(f"{base}/edit/").content.decode()
    refused = drafter.post(f"{base}/unsaved/", typed(cast, draft, note=["绝密★启用前"]))
    assert refused.status_code == 422
    assert "state-secret" in refused.json()["refused"]


def test_the_live_preview_tells_what_is_missing_and_keeps_nothing(
    cast: Cast, drafter: Client, draft: OutgoingDocument
) -> None:
    data = typed(cast, draft, main=[], body=["正文𐎠𐎡。见学字[2025]3号。"])
    part = drafter.post(f"/general-office/outgoing/{draft.pk}/preview/", data).content.decode()
    assert "data:image/png;base64," in part
    assert 'data-finding="main"' in part
    assert "〔 〕" in part
    with acting_as(SYSTEM):
        draft.refresh_from_db()
    assert draft.version == 1


def test_an_address_group_is_kept_and_taken_over(cast: Cast, drafter: Client, draft: OutgoingDocument) -> None:
    data = {
        "name_zh": "样例联系单位",
        "whose": "OWN",
        "units": [cast.units["RP"], cast.units["OP"]],
        "outside-name": ["样例大学"],
        "outside-email": ["office@example.org"],
        "outside-postal": [""],
    }
    assert drafter.post("/general-office/outgoing/groups/new/", data).status_code == 302
    with acting_as(SYSTEM):
        made = AddressGroup.objects.get()
    taken = typed(cast, draft, act=["group"], add_group=[str(made.pk)], add_group_as=["MAIN"])
    page = drafter.post(f"/general-office/outgoing/{draft.pk}/edit/", taken)
    assert page.status_code == 200
    form = page.context["form"]
    assert set(form.data.getlist("main")) >= {str(cast.units["RP"]), str(cast.units["OP"])}
    assert "样例大学" in form.data.getlist("outside-name")
    house = drafter.post("/general-office/outgoing/groups/new/", {**data, "whose": "HOUSE"})
    assert house.status_code == 422
    nobody = drafter.post("/general-office/outgoing/groups/new/", {"name_zh": "空", "whose": "OWN"})
    assert nobody.status_code == 422
    unreachable = {**data, "outside-email": [""]}
    assert drafter.post("/general-office/outgoing/groups/new/", unreachable).status_code == 422


def test_a_unit_keeps_its_own_template_and_the_house_head_those_of_all(
    cast: Cast, drafter: Client, client_as: Callable[..., Client]
) -> None:
    data = {
        "name_zh": "预算通知",
        "whose": "OWN",
        "paper_type": "NOTICE",
        "language": "zh",
        "title": "关于预算的通知",
        "body": "正文",
    }
    address = "/general-office/outgoing/templates/new/?profile=cn"
    assert drafter.post(address, data).status_code == 302
    assert drafter.post(address, {**data, "whose": "HOUSE"}).status_code == 422
    assert client_as(cast.office_head).post(address, {**data, "whose": "HOUSE", "name_zh": "通用"}).status_code == 302
    seen = client_as(cast.outsider).get("/general-office/outgoing/templates/?profile=cn").content.decode()
    assert "通用" in seen
    assert "预算通知" not in seen
    with acting_as(SYSTEM):
        own = DraftTemplate.objects.get(name_zh="预算通知")
    assert client_as(cast.outsider).get(f"/general-office/outgoing/templates/{own.pk}/").status_code == 404
    assert drafter.post(f"/general-office/outgoing/templates/{own.pk}/end/").status_code == 302
    assert "预算通知" not in drafter.get("/general-office/outgoing/templates/?profile=cn").content.decode()


def test_a_word_file_comes_in_and_goes_out(cast: Cast, drafter: Client, draft: OutgoingDocument) -> None:
    paper, out = docx.Document(), io.BytesIO()
    paper.add_paragraph("从文件来的正文。")
    paper.save(out)
    upload = SimpleUploadedFile("稿.docx", out.getvalue())
    answer = drafter.post(f"/general-office/outgoing/{draft.pk}/import/", {"file": upload})
    assert answer.status_code == 302
    for kind in ("docx", "odt"):
        sent = drafter.get(f"/general-office/outgoing/{draft.pk}/export.{kind}")
        assert sent.content[:2] == b"PK"
    assert drafter.get(f"/general-office/outgoing/{draft.pk}/export.exe").status_code == 404


def test_annexes_come_and_go_on_the_page(cast: Cast, drafter: Client, draft: OutgoingDocument) -> None:
    base = f"/general-office/outgoing/{draft.pk}/annexes/"
    files = [
        SimpleUploadedFile("甲.txt", b"a"),
        SimpleUploadedFile("run.exe", b"MZ"),
        SimpleUploadedFile("乙.txt", b"b"),
    ]
    part = drafter.post(base, {"annexes": files}, headers={"HX-Request": "true"}).content.decode()
    assert "run.exe" in part
    assert 'hx-swap-oob="true"' in part
    with acting_as(cast.drafter):
        one, two = (row["id"] for row in queries.annexes_of(draft.pk))
    drafter.post(f"{base}{two}/move/", {"way": "up"})
    with acting_as(cast.drafter):
        assert [row["name"] for row in queries.annexes_of(draft.pk)] == ["乙.txt", "甲.txt"]
    drafter.post(f"{base}{one}/remove/")
    with acting_as(cast.drafter):
        assert [row["name"] for row in queries.annexes_of(draft.pk)] == ["乙.txt"]


def test_what_one_may_not_see_is_not_there(
    cast: Cast, draft: OutgoingDocument, client_as: Callable[..., Client]
) -> None:
    outsider = client_as(cast.outsider)
    base = f"/general-office/outgoing/{draft.pk}"
    for address in (
        "/",
        "/edit/",
        "/preview/",
        "/preview.pdf",
        "/versions/",
        "/versions/1/",
        "/compare/",
        "/export.docx",
    ):
        assert outsider.get(base + address).status_code == 404, address
    for address in (
        "/edit/",
        "/editor/",
        "/editor/take-over/",
        "/unsaved/",
        "/versions/1/restore/",
        "/annexes/",
        "/submit/",
    ):
        assert outsider.post(base + address).status_code in {404, 422}, address
    for address in ("/discard/", "/copy/", "/along/", "/import/"):
        assert outsider.post(base + address).status_code in {404, 422}, address
    with acting_as(SYSTEM):
        assert OutgoingDocument.objects.filter(pk=draft.pk, version=1).exists()


def test_the_editor_page_says_who_has_it(
    cast: Cast, drafter: Client, draft: OutgoingDocument, client_as: Callable[..., Client]
) -> None:
    services.ask_along(document_id=draft.pk, post_ids=[cast.unit_checker.post_id or 0], by=cast.drafter, at=clock.now())
    base = f"/general-office/outgoing/{draft.pk}"
    assert drafter.post(f"{base}/editor/").json()["hold"] == "YOURS"
    other = client_as(cast.unit_checker)
    assert other.get(f"{base}/edit/").status_code == 302
    assert "Lu Jia" in other.get(f"{base}/").content.decode()
    assert other.post(f"{base}/editor/take-over/").status_code == 302
    told = drafter.post(f"{base}/editor/").json()
    assert told["hold"] == "TAKEN"
    assert "Wen Bo" in told["words"]
    assert drafter.post(f"{base}/edit/", typed(cast, draft, title=["后来的"])).status_code == 409


def test_lists_do_not_grow(cast: Cast, drafter: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as said:
            assert drafter.get("/general-office/outgoing/drafts/").status_code == 200
        return len(said)

    for _one in range(2):
        services.open_draft(paper_type="NOTICE", profile="cn", by=cast.drafter, at=clock.now())
    asked()  # what a process asks once
    few = asked()
    for _one in range(28):
        services.open_draft(paper_type="NOTICE", profile="cn", by=cast.drafter, at=clock.now())
    assert asked() == few
