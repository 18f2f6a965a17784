"""Storing files: what is kept, what is refused, and that a refused file leaves nothing behind."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.files.storage import InMemoryStorage
from django.db import connection, transaction
from django.db.utils import DatabaseError

from chancery.foundations.content_store import BucketStore, DamagedContent, DiskStore, MissingContent, store
from chancery.foundations.papers import examine
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.files.rules import FileRefused, clean_name
from chancery.kernel.records.models import StoredFile
from chancery.kernel.records.queries import file_of, files_of, open_file
from chancery.kernel.records.rules import SecretMarking, marking_in
from chancery.kernel.records.services import give_file, store_file
from chancery.kernel.records.tests import papers
from chancery.kernel.records.tests.world import AT, World, build


def keep(world: World, name: str, content: bytes, **more: Any) -> StoredFile:
    return store_file(guard_id=world.guard_id, name=name, content=io.BytesIO(content), by=world.clerk, at=AT, **more)


def nothing_stored() -> bool:
    root = Path(site.FILE_STORE)
    return not [path for path in root.rglob("*") if path.is_file()]


ACCEPTED = [
    ("letter.pdf", lambda: papers.pdf(pages=3), "application/pdf", 3, "A letter"),
    ("plan.docx", lambda: papers.word(header="Draft two"), None, None, "Draft two"),
    ("budget.xlsx", lambda: papers.sheet("预算表", "see note"), None, None, "see note"),
    ("notice.odt", lambda: papers.odt("第一段", "第二段", header="页眉"), None, None, "页眉"),
    ("notice.ofd", lambda: papers.ofd("关于召开会议的", "通知"), "application/ofd", None, "关于召开会议的"),
    (
        "invitation.eml",
        lambda: papers.mail(attachments={"a.pdf": papers.pdf("Enclosed words")}),
        "message/rfc822",
        None,
        "Enclosed words",
    ),
    ("scan.png", papers.image, "image/png", 1, ""),
    ("scan.jpeg", lambda: papers.image("JPEG"), "image/jpeg", 1, ""),
    ("scan.tif", lambda: papers.image("TIFF", frames=2), "image/tiff", 2, ""),
    ("utf8.txt", lambda: "中文与 English".encode(), "text/plain", None, "中文与 English"),
    ("gb.txt", lambda: "关于做好工作的通知".encode("gb18030"), "text/plain", None, "关于做好工作的通知"),
    ("utf16.txt", lambda: "关于做好工作的通知\n".encode("utf-16"), "text/plain", None, "关于做好工作的通知"),
    ("bare16.csv", lambda: "甲,乙\n一,二\n".encode("utf-16-le"), "text/plain", None, "甲,乙"),
]


@pytest.mark.parametrize(("name", "made", "media_type", "pages", "words"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_a_file_is_kept_with_its_true_type_pages_and_text(
    world: World, name: str, made: Any, media_type: str | None, pages: int | None, words: str
) -> None:
    content = made()
    stored = keep(world, name, content, owner="x.y:1")
    with acting_as(world.clerk):
        again = StoredFile.objects.get(pk=stored.pk)
        with open_file(again) as read:
            assert read.read() == content
        assert [row["name"] for row in files_of("x.y:1")] == [name]
    assert again.sha256 == hashlib.sha256(content).hexdigest()
    assert again.size == len(content)
    assert again.pages == pages
    assert words in again.text
    assert media_type in (None, again.media_type)


REFUSED = [
    ("empty.pdf", lambda: b"", "empty"),
    ("program.exe", lambda: b"MZ\x90\x00" + b"\0" * 100, "EXE"),
    ("picture.pdf", papers.image, "PNG"),
    ("letter.docx", papers.pdf, "PDF"),
    ("plan.txt", papers.word, "DOCX"),
    ("letter.eml", lambda: b"no headers here", "TXT"),
    ("noending", papers.pdf, "type"),
    ("locked.pdf", papers.locked_pdf, "password"),
    ("locked.docx", lambda: papers.LOCKED_WORD, "password"),
    ("old.doc", lambda: papers.OLD_WORD, "old binary"),
    ("old.wps", lambda: papers.OLD_WORD, "old binary"),
    ("macro.docx", lambda: papers.repacked(papers.word(), {"word/vbaProject.bin": b"x"}), "macros"),
    ("macro.docm", lambda: papers.repacked(papers.word(), {"word/vbaProject.bin": b"x"}), "macros"),
    ("macro.odt", lambda: papers.repacked(papers.odt("a"), {"Basic/script.xml": "<a/>"}), "macros"),
    ("bundle.zip", lambda: papers.zipped({"a.txt": "a"}), "Archives"),
    ("bundle.docx", lambda: papers.zipped({"a.txt": "a"}), "Archives"),
    ("bundle.rar", lambda: b"Rar!\x1a\x07\x00" + b"\0" * 50, "Archives"),
    ("bomb.docx", lambda: papers.repacked(papers.word(), {"word/media/a.bin": b"\0" * 60_000_000}), "unpacks"),
    ("damaged.pdf", lambda: b"%PDF-1.7\nnothing else", "damaged"),
    ("damaged.docx", lambda: papers.word()[:-200], "damaged"),
    ("damaged.png", lambda: papers.image()[:20], "damaged"),
    (
        "entity.ofd",
        lambda: papers.repacked(papers.ofd(), {"Doc_0/Document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "damaged",
    ),
    ("binary.txt", lambda: bytes(range(256)), "type|encoding"),
    ("broken.txt", lambda: "关于".encode() + b"\xff\xfe\x80\x81" + "通知".encode("gb18030") + b"\xff", "encoding"),
    ("half16.txt", lambda: b"\xff\xfe\x00", "encoding"),
    ("hidden.eml", lambda: papers.mail(attachments={"inner.zip": papers.zipped({"a": "b"})}), "inner.zip.*Archives"),
    ("hidden.pdf", lambda: papers.pdf_with("inner.pdf", papers.locked_pdf()), "inner.pdf.*password"),
]


@pytest.mark.parametrize(("name", "made", "words"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_file_that_may_not_be_kept_is_refused_with_its_reason_and_leaves_nothing(
    world: World, name: str, made: Any, words: str
) -> None:
    with pytest.raises(FileRefused, match=words) as refusal:
        keep(world, name, made())
    assert refusal.value.field == "file"
    assert nothing_stored()
    with acting_as(world.clerk):
        assert not StoredFile.objects.exists()


def test_a_file_over_the_limit_is_refused(world: World, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 2 * 1024 * 1024
    with pytest.raises(FileRefused, match="limit of 2 MB"):
        keep(world, "large.txt", b"a" * (2 * 1024 * 1024 + 1))
    assert nothing_stored()


class OneWay(io.RawIOBase):
    """A stream that can be read once, like a pipe."""

    def __init__(self, content: bytes) -> None:
        self.rest = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        return self.rest.read(size)


def test_a_stream_is_kept_and_an_endless_one_is_refused(world: World, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 3 * 1024 * 1024
    stored = store_file(
        guard_id=world.guard_id,
        name="a.txt",
        content=OneWay(b"words"),
        by=world.clerk,
        at=AT,
    )
    assert stored.size == 5
    with pytest.raises(FileRefused, match="limit"):
        store_file(
            guard_id=world.guard_id,
            name="b.txt",
            content=OneWay(b"a" * 9_000_000),
            by=world.clerk,
            at=AT,
        )


MARKED = [
    ("text.txt", lambda: "机密★20年\n关于……的报告".encode()),
    ("gb.txt", lambda: "机密★２０年".encode("gb18030")),
    ("page.pdf", lambda: papers.pdf("机密★20年")),
    ("note.pdf", lambda: papers.pdf_noted("秘密★5年")),
    ("attached.pdf", lambda: papers.pdf_with("a.docx", papers.word("绝密★30年"))),
    ("body.docx", lambda: papers.word("机密★20年")),
    ("runs.docx", lambda: papers.word("机密★20年", split=True)),
    ("header.docx", lambda: papers.word(header="机 密 ★ 20 年")),
    ("footer.docx", lambda: papers.word(footer="秘密★10年")),
    ("embedded.docx", lambda: papers.repacked(papers.word(), {"word/embeddings/a.xlsx": papers.sheet("机密★10年")})),
    (
        "properties.docx",
        lambda: papers.repacked(
            papers.word(),
            {"docProps/core.xml": '<c xmlns:d="urn:d"><d:title>绝密★20年</d:title></c>'},
            ("docProps/core.xml",),
        ),
    ),
    (
        "watermark.docx",
        lambda: papers.repacked(
            papers.word(), {"word/header9.xml": '<h xmlns:v="urn:v"><v:textpath string="机密★长期"/></h>'}
        ),
    ),
    ("cell.xlsx", lambda: papers.sheet("秘密★10年")),
    ("sheetname.xlsx", lambda: papers.sheet(name="机密★20年")),
    (
        "picture.docx",
        lambda: papers.repacked(
            papers.word(), {"word/header8.xml": '<h xmlns:w="urn:w"><w:docPr id="1" descr="机密★20年"/></h>'}
        ),
    ),
    (
        "company.docx",
        lambda: papers.repacked(
            papers.word(),
            {"docProps/app.xml": "<Properties><Company>机密★20年</Company></Properties>"},
            ("docProps/app.xml",),
        ),
    ),
    (
        "chart.xlsx",
        lambda: papers.repacked(
            papers.sheet(), {"xl/charts/chart1.xml": '<c xmlns:c="urn:c"><c:pt><c:v>秘密★10年</c:v></c:pt></c>'}
        ),
    ),
    ("english.docx", lambda: papers.word(header="SECRET ★ 20 years")),
    ("plain.xml", lambda: "<?xml version='1.0'?><p>机密★20年</p>".encode()),
    ("references.xml", lambda: b"<?xml version='1.0'?><p>&#26426;&#23494;&#9733;20&#24180;</p>"),
    ("tags.xml", lambda: "<?xml version='1.0'?><p><b>机</b>密<i>★</i>20年</p>".encode()),
    ("comment.xlsx", lambda: papers.sheet(comment="机密★20年")),
    ("page.ofd", lambda: papers.ofd("机密★20年", "关于工作")),
    ("body.odt", lambda: papers.odt("绝密★启用前")),
    ("header.odt", lambda: papers.odt("正文", header="机密★1年")),
    ("subject.eml", lambda: papers.mail(subject="机密★20年")),
    ("body.eml", lambda: papers.mail("机密★20年")),
    ("attachment.eml", lambda: papers.mail(attachments={"a.docx": papers.word("机密★20年")})),
    ("title.png", lambda: papers.image(text="机密★20年")),
    ("机密★20年.txt", lambda: b"plain"),
]


@pytest.mark.parametrize(("name", "made"), MARKED, ids=[row[0] for row in MARKED])
def test_a_marking_is_found_wherever_in_a_file_it_stands(name: str, made: Any) -> None:
    if "★" not in name:
        paper = examine(name, io.BytesIO(made()))
        assert marking_in(f"{paper.text}\n{paper.particulars}") is not None


def test_prose_about_secrets_is_kept_whatever_file_it_comes_in() -> None:
    prose = "关于做好保密工作的通知：绝密、机密、秘密最长保密期限分别为30年、20年、10年。"
    for name, content in (
        ("a.txt", prose.encode()), ("a.xml", f"<p>{prose}</p>".encode()), ("a.docx", papers.word(prose)),
        ("a.xlsx", papers.sheet(prose)), ("a.odt", papers.odt(prose)), ("a.eml", papers.mail(prose)),
    ):  # fmt: skip
        paper = examine(name, io.BytesIO(content))
        assert marking_in(f"{paper.text}\n{paper.particulars}") is None, name


def test_the_words_of_a_file_are_those_a_reader_sees() -> None:
    assert examine("a.docx", io.BytesIO(papers.word("正文", header="页眉"))).text.split() == ["正文", "页眉"]
    assert examine("a.pdf", io.BytesIO(papers.pdf("Words"))).text.split() == ["Words"]
    assert "python-docx" in examine("a.docx", io.BytesIO(papers.word())).particulars


@pytest.mark.django_db(transaction=True)
def test_a_marked_file_is_refused_before_it_is_stored_and_the_refusal_is_journalled_without_it(
    owner_connection: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    world = build()
    contents = [(name, made()) for name, made in MARKED]
    for name, content in contents:
        with pytest.raises(SecretMarking) as refusal, transaction.atomic():
            keep(world, name, content)
        assert refusal.value.field == ("name" if "★" in name else "file")
        assert nothing_stored(), name
        assert not list(temporary.iterdir()), name
    rows = owner_connection.execute(
        "select data, subject, account_id, person_id from journal_entry where act = 'secret_marking.refused'"
    ).fetchall()
    assert len(rows) == len(MARKED)
    kept = str(rows)
    assert "★" not in kept
    for name, content in contents:
        assert name not in kept
        assert hashlib.sha256(content).hexdigest() not in kept
    assert {(row[2], row[3]) for row in rows} == {(world.clerk.account_id, world.clerk.person_id)}
    assert owner_connection.execute("select count(*) from records_storedfile").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        (r"C:\Users\a\报告.docx", "报告.docx"),
        ("\u202etxt.exe.pdf", "txt.exe.pdf"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("<script>alert(1)</script>.pdf", "script_.pdf"),
        ('quote"name?.pdf', "quote_name_.pdf"),
        ("  .hidden.pdf ", "hidden.pdf"),
        ("关于\u3000通知  （最终）.pdf", "关于 通知 （最终）.pdf"),
        ("...", "file"),
        ("é.txt", "é.txt"),
    ],
)
def test_names_are_made_safe_and_cannot_deceive(given: str, clean: str) -> None:
    assert clean_name(given) == clean


def test_a_long_name_keeps_its_ending() -> None:
    cleaned = clean_name("长" * 400 + ".docx")
    assert cleaned.endswith(".docx")
    assert len(cleaned) == 180


def test_the_same_content_is_kept_once(world: World) -> None:
    first = keep(world, "a.txt", b"the same words")
    second = keep(world, "b.txt", b"the same words")
    assert first.pk != second.pk
    assert len([path for path in Path(site.FILE_STORE).rglob("*") if path.is_file()]) == 1


def test_the_stored_file_shows_to_the_office_and_to_nobody_else(world: World) -> None:
    stored = keep(world, "a.txt", b"words")
    for by, sees in ((world.clerk, True), (world.registrar, True), (world.outsider, False)):
        with acting_as(by):
            assert (file_of(stored.pk) is not None) is sees


def test_nobody_stores_under_a_guard_they_do_not_see(world: World) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        store_file(guard_id=world.guard_id, name="a.txt", content=io.BytesIO(b"a"), by=world.outsider, at=AT)


def test_what_a_file_is_cannot_be_changed_even_by_raw_sql(world: World) -> None:
    stored = keep(world, "a.txt", b"words")
    for statement in ("update records_storedfile set sha256 = repeat('0', 64)", "delete from records_storedfile"):
        with acting_as(world.clerk), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    with acting_as(world.clerk):
        assert file_of(stored.pk) is not None


def test_a_file_changes_hands_only_while_it_belongs_to_nothing(world: World) -> None:
    stored = keep(world, "a.txt", b"words")
    give_file(file_id=stored.pk, owner="records.document:1", by=world.clerk, at=AT)
    give_file(file_id=stored.pk, owner="records.document:2", by=world.clerk, at=AT)
    with acting_as(world.clerk):
        assert StoredFile.objects.get(pk=stored.pk).owner == "records.document:1"


def test_an_earlier_refusal_in_the_same_transaction_does_not_harm_the_rest(world: World) -> None:
    with pytest.raises(Refused):
        keep(world, "a.exe", b"MZ")
    assert keep(world, "a.txt", b"words").pk


def test_a_truncated_or_changed_file_is_noticed(tmp_path: Path) -> None:
    disk = DiskStore(tmp_path)
    with pytest.raises(DamagedContent):
        disk.keep("0" * 64, io.BytesIO(b"other words"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    with pytest.raises(MissingContent):
        disk.open("0" * 64)
    with pytest.raises(ValueError, match="content address"):
        disk.path("../../etc/passwd")


def test_what_a_killed_writer_left_is_swept(tmp_path: Path) -> None:
    disk = DiskStore(tmp_path)
    left = tmp_path / "ab" / "cd" / "abcd.1234.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    assert disk.sweep() == 0
    assert disk.sweep(older_than_seconds=-1) == 1
    assert not left.exists()


def test_two_writers_of_the_same_content_leave_one_whole_file(tmp_path: Path) -> None:
    import threading

    disk = DiskStore(tmp_path)
    content = b"words " * 200_000
    address = hashlib.sha256(content).hexdigest()
    threads = [threading.Thread(target=lambda: disk.keep(address, io.BytesIO(content))) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.read_bytes() == content for path in tmp_path.rglob("*") if path.is_file()] == [True]


def test_zip_with_the_same_part_twice_is_refused(world: World) -> None:
    out = io.BytesIO(papers.word())
    with zipfile.ZipFile(out, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr("word/document.xml", "<a/>")
    with pytest.raises(FileRefused, match="damaged"):
        keep(world, "a.docx", out.getvalue())


@pytest.mark.parametrize("kind", ["disk", "bucket"])
def test_both_stores_keep_one_promise(kind: str, tmp_path: Path) -> None:
    kept: Any = DiskStore(tmp_path) if kind == "disk" else BucketStore("bucket", InMemoryStorage())
    content = b"words"
    address = hashlib.sha256(content).hexdigest()
    assert not kept.has(address)
    assert kept.keep(address, io.BytesIO(content)) is True
    assert kept.keep(address, io.BytesIO(content)) is False
    with kept.open(address) as opened:
        assert opened.read() == content
    with pytest.raises(DamagedContent):
        kept.keep("0" * 64, io.BytesIO(content))
    with pytest.raises(MissingContent):
        kept.open("0" * 64)
    kept.discard(address)
    kept.discard(address)
    assert not kept.has(address)


def test_the_store_is_the_disk_unless_a_bucket_is_named(settings: Any) -> None:
    settings.S3_BUCKET = ""
    assert isinstance(store(), DiskStore)
