"""The pages, by HTTP, in both languages; a document goes through five people's hands."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.tests.office import numbered, planned
from chancery.foundations import content_store
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.tests.s3_server import free_ports
from chancery.kernel.procedures.models import Task

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("language", ["en", "zh-hans"])
TYPED = {
    "title": "关于举办第12届学术年会的请示",
    "sender": "样例天文学会",
    "sender_number": "样天学字〔2026〕8号",
    "dated_on": "2026-11-12",
    "received_on": "2026-11-16",
    "carrier": "PAPER",
    "kind": "REQUEST",
    "urgency": "ROUTINE",
    "label": "10",
}


def enter(client_as, actor, language="en"):
    client = client_as(actor)
    client.cookies["chancery_language"] = language
    return client


def latest():
    with acting_as(SYSTEM):
        return IncomingDocument.objects.order_by("-id").first()


def task_of(document, step):
    with acting_as(SYSTEM):
        return Task.objects.get(matter_id=document.matter_id, step=step, done_at=None)


def press(client, document, step, outcome, opinion="", **data):
    task = task_of(document, step)
    address = reverse("procedures:complete", args=[task.pk])
    answer = client.post(address, {"outcome": outcome, "opinion": opinion, "seen_version": task.version, **data})
    assert answer.status_code in (204, 302), (step, answer.status_code, answer.content.decode()[-3000:])


@BOTH
def test_a_document_goes_through_five_peoples_hands(office, client_as, language):
    cast = office.cast
    registrar = enter(client_as, cast.registrar, language)
    page = registrar.get(reverse("general_office:incoming_new"))
    assert ("Register a document" if language == "en" else "来文登记") in page.content.decode()
    paper = SimpleUploadedFile("请示.txt", "关于举办年会的请示\n样天学字〔2026〕8号".encode())
    answer = registrar.post(reverse("general_office:incoming_new"), {**TYPED, "act": "register", "uploads": paper})
    assert answer.status_code == 302
    document = latest()
    assert document.number == numbered(1)
    press(enter(client_as, cast.first_checker, language), document, "first_check", "ACCEPT")
    head = enter(client_as, cast.office_head, language)
    reader = cast.posts["auditor", "PF"]
    press(head, document, "propose", "DIRECT", "请计划财务部阅办。", lead_unit=cast.units["PF"], readers=[reader])
    handler = enter(client_as, cast.handler, language)
    press(handler, document, "handle", "REPLY_DUE", "拟同意。", result="已核。")
    press(
        handler,
        document,
        "reply",
        "REPLIED",
        "",
        reply_text="同意。",
        reply_file=SimpleUploadedFile("reply.txt", b"Agreed."),
    )
    press(head, document, "office_check", "PASS")
    press(enter(client_as, cast.auditor, language), document, "circulate", "NOTED", "已阅。")
    archivist = enter(client_as, cast.archivist, language)
    where = planned(document.pk)
    press(archivist, document, "file", "FILED", **where)
    page = registrar.get(reverse("general_office:incoming_document", args=[document.pk]), follow=True)
    text = page.content.decode()
    assert "reply.txt" in text and where["file_class"] in text and document.number in text
    assert enter(client_as, cast.outsider).get(page.request["PATH_INFO"]).status_code == 404
    slip = registrar.get(reverse("general_office:incoming_slip", args=[document.pk]))
    assert slip["Content-Type"] == "application/pdf"
    paper = pypdfium2.PdfDocument(slip.content)
    words = re.sub(r"\s", "", "".join(sheet.get_textpage().get_text_bounded() for sheet in paper))
    for said in (numbered(1), "请计划财务部阅办。", "拟同意。", "已阅。", where["file_class"]):
        assert said in words
    assert ("Opinionsbyunit" if language == "en" else "各单位意见") in words
    assert words.index("请计划财务部阅办。") < words.index("拟同意。")
    paper.close()


@BOTH
def test_errors_keep_what_was_typed_and_the_files(office, client_as, language):
    client = enter(client_as, office.cast.registrar, language)
    upload = SimpleUploadedFile("a.txt", b"some text")
    answer = client.post(
        reverse("general_office:incoming_new"), {**TYPED, "urgency": "URGENT", "act": "register", "uploads": upload}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "样天学字〔2026〕8号" in text and "a.txt" in text
    assert ("An urgent document needs a limit" if language == "en" else "紧急文件须有办理时限") in text
    draft = latest()
    assert (draft.state, draft.title, draft.number) == ("DRAFT", TYPED["title"], "")


def test_a_duplicate_links_to_the_one_that_is_there(office, client_as):
    first = office.register()
    answer = enter(client_as, office.cast.registrar).post(
        reverse("general_office:incoming_new"), {**TYPED, "act": "register"}
    )
    assert answer.status_code == 422
    assert reverse("general_office:incoming_document", args=[first.pk]) in answer.content.decode()


def test_a_double_click_registers_once(office, client_as):
    client = enter(client_as, office.cast.registrar)
    sent = {**TYPED, "act": "register", "act_token": "7d6a4c1e-95a8-4d0b-9b3a-0f6a3ff0b001"}
    for _click in range(2):
        assert client.post(reverse("general_office:incoming_new"), sent).status_code == 302
    with acting_as(SYSTEM):
        assert IncomingDocument.objects.count() == 1


def test_a_stale_form_says_what_changed_and_keeps_the_text(office, client_as):
    draft = office.draft()
    client = enter(client_as, office.cast.registrar)
    address = reverse("general_office:incoming_edit", args=[draft.pk])
    assert (
        client.post(address, {**TYPED, "title": "Newer", "act": "save", "seen_version": draft.version}).status_code
        == 302
    )
    answer = client.post(address, {**TYPED, "title": "Older", "act": "save", "seen_version": draft.version})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Older" in text and "Newer" in text


@BOTH
def test_while_the_file_store_is_down_the_form_says_so_and_keeps_what_was_typed(
    office, client_as, language, settings, monkeypatch
):
    settings.S3_BUCKET = "papers"
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{free_ports(1)[0]}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    content_store._bucket.cache_clear()
    client = enter(client_as, office.cast.registrar, language)
    upload = SimpleUploadedFile("a.txt", b"some text")
    address = reverse("general_office:incoming_new")
    answer = client.post(address, {**TYPED, "act": "register", "uploads": upload})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert ("The file store does not answer" if language == "en" else "文件库无响应") in text
    assert TYPED["title"] in text
    assert (latest().state, latest().number) == ("DRAFT", "")
    content_store._bucket.cache_clear()


def test_an_email_file_brings_its_attachments_and_fills_the_form(office, client_as):
    mail = (
        "From: Sample Society <a@example.org>\r\nSubject: Invitation to the forum\r\n"
        "Date: Mon, 02 Nov 2026 09:00:00 +0800\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nPlease come.\r\n"
        '--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="plan.txt"\r\n\r\n'
        "The plan.\r\n--b--\r\n"
    )
    upload = SimpleUploadedFile("letter.eml", mail.encode())
    blank = {"carrier": "EMAIL", "kind": "LETTER", "urgency": "ROUTINE", "label": "10", "received_on": "2026-11-16"}
    answer = enter(client_as, office.cast.registrar).post(
        reverse("general_office:incoming_new"), {**blank, "act": "propose", "uploads": upload}
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("letter.eml", "plan.txt", "Invitation to the forum", "Sample Society", "2026-11-02"):
        assert shown in text


@pytest.mark.parametrize("who", ["first_checker", "handler", "outsider", "administrator"])
def test_only_the_registry_reaches_the_registration_form(office, client_as, who):
    assert enter(client_as, office.cast[who]).get(reverse("general_office:incoming_new")).status_code == 403


def test_the_register_lists_filters_and_exports_the_same_rows(office, client_as):
    office.register(urgency="ROUTINE")
    office.register(sender_number="=1+1", title="=cmd()")
    client = enter(client_as, office.cast.registrar)
    page = client.get(reverse("general_office:incoming"))
    assert page.content.decode().count(numbered(1)[:7]) >= 2
    found = client.get(reverse("general_office:incoming"), {"q": "样天学字(2026)第8号"}).content.decode()
    assert numbered(1) in found and numbered(2) not in found
    sheet = client.get(reverse("general_office:incoming"), {"export": "csv"})
    content = b"".join(sheet.streaming_content) if sheet.streaming else sheet.content
    assert "'=cmd()" in content.decode("utf-8-sig")
    nothing = enter(client_as, office.cast.outsider).get(reverse("general_office:incoming")).content.decode()
    assert numbered(1)[:7] not in nothing


def test_the_register_asks_no_more_for_thirty_rows_than_for_one(office, client_as, django_assert_max_num_queries):
    client = enter(client_as, office.cast.registrar)
    office.register()
    address = reverse("general_office:incoming")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for serial in range(12):
        office.register(sender_number=f"样天学字〔2026〕{serial + 20}号")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(one)


@BOTH
def test_a_years_figures(office, client_as, language):
    office.register()
    page = enter(client_as, office.cast.office_head, language).get(reverse("general_office:incoming_figures"))
    assert ("By lead unit" if language == "en" else "按主办单位") in page.content.decode()


def test_a_years_figures_ask_no_more_for_thirty_documents_than_for_one(office, client_as):
    client = enter(client_as, office.cast.registrar)
    address = reverse("general_office:incoming_figures")
    office.register()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    kinds = ["REQUEST", "REPORT", "LETTER"]
    for serial in range(29):
        office.register(sender_number=f"样天学字〔2026〕{serial + 20}号", kind=kinds[serial % 3])
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).context["figures"].total == 30
    assert len(many) == len(one)


@BOTH
def test_the_letter_that_goes_with_returned_papers(office, client_as, language):
    document = office.register()
    office.press(document, "first_check", "RETURN", "first_checker", "附件二缺页。", faults=["INCOMPLETE"])
    answer = enter(client_as, office.cast.registrar, language).get(
        reverse("general_office:incoming_letter", args=[document.pk])
    )
    paper = pypdfium2.PdfDocument(answer.content)
    words = re.sub(r"\s", "", paper[0].get_textpage().get_text_bounded())
    assert "附件二缺页。" in words and "样例天文学会" in words
    assert ("Pagesorannexesaremissing." if language == "en" else "缺页或缺附件。") in words
    paper.close()


def test_a_list_is_registered_whole_or_not_at_all(office, client_as):
    client = enter(client_as, office.cast.registrar)
    address = reverse("general_office:incoming_import")
    bad = "标题,来文单位,收文日期,页数\n一号文,样例化学会,2026-11-16,3\n二号文,,2026-11-16,x\n"
    answer = client.post(address, {"sheet": SimpleUploadedFile("l.csv", bad.encode())})
    assert answer.status_code == 422
    with acting_as(SYSTEM):
        assert IncomingDocument.objects.count() == 0
    good = "标题,来文单位,收文日期,页数\n一号文,样例化学会,2026-11-16,3\n二号文,样例化学会,2026-11-16,\n"
    assert client.post(address, {"sheet": SimpleUploadedFile("l.csv", good.encode())}).status_code == 302
    with acting_as(SYSTEM):
        assert list(IncomingDocument.objects.order_by("id").values_list("number", "title")) == [
            (numbered(1), "一号文"),
            (numbered(2), "二号文"),
        ]


def test_metadata_names_the_standards_elements(office, client_as):
    document = office.register()
    client = enter(client_as, office.cast.registrar)
    body = client.get(reverse("general_office:incoming_metadata_json", args=[document.pk])).json()
    assert body["core"]["发文字号"] == "样天学字〔2026〕8号"
    assert body["core"]["文种"] == "请示"
    xml = client.get(reverse("general_office:incoming_metadata_xml", args=[document.pk])).content.decode()
    assert "<成文日期" in xml
