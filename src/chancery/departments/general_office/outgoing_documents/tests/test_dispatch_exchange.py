"""A package goes out and comes in whole; whatever was done to it on the way is refused, and nothing of it is kept."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.departments.general_office.incoming_documents.models import IncomingDocument, IncomingFile
from chancery.departments.general_office.outgoing_documents.exchange import rules, services
from chancery.departments.general_office.outgoing_documents.exchange.models import PackageTaken
from chancery.departments.general_office.outgoing_documents.exchange.terms import DESCRIPTION, PAPER
from chancery.departments.general_office.outgoing_documents.tests.house import TITLE, House, pdf
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.models import StoredFile
from chancery.kernel.records.packages.bags.rules import BAG_INFO, BAGIT, MANIFEST, PackageRefused
from chancery.kernel.records.packages.bags.rules import TAG_MANIFEST as TAG_MANIFESTS

pytestmark = pytest.mark.cn  # papers, numbers and register of the Chinese profile

MOST = 20_000_000
PAYLOAD_MANIFEST, TAG_MANIFEST = MANIFEST.format("sha256"), TAG_MANIFESTS.format("sha256")
TAGS = ("bagit.txt", BAG_INFO, PAYLOAD_MANIFEST)
ANNEX, TABLE = "data/annexes/01.csv", b"a,b\n1,2\n"
SAMPLED = (*TAGS, TAG_MANIFEST, DESCRIPTION, PAPER, ANNEX)
Files = dict[str, bytes]


# --- Packages made by hand --------------------------------------------------------------------------------------------
def description(files: Files, *, title: str = "关于样例事项的函", number: str = "样天函〔2026〕8号") -> bytes:
    rows = "".join(
        f'<文件 role="{"PAPER" if path == PAPER else "ANNEX"}" path="{path}" name="{path.rpartition("/")[2]}" '
        f'sha256="{hashlib.sha256(content).hexdigest()}" size="{len(content)}"/>'
        for path, content in sorted(files.items())
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><公文元数据 xmlns="urn:chancery:gbt33480-2016" '
        'standard="GB/T 33480-2016" profile="urn:chancery:exchange:1"><核心元数据>'
        '<公文标识 clause="4.1">x-1</公文标识><文种 clause="4.2">函</文种>'
        '<发文机关标志 clause="4.6">样例天文学会</发文机关标志>'
        f'<发文字号 clause="4.7">{number}</发文字号><标题 clause="4.9">{title}</标题>'
        '<发文机关或签发人署名 clause="4.12">样例天文学会</发文机关或签发人署名>'
        '<成文日期 clause="4.13">2026-11-12</成文日期>'
        "</核心元数据><扩展元数据><文种代码>LETTER</文种代码><紧急程度代码>NORMAL</紧急程度代码>"
        "<发放范围代码>10</发放范围代码><语种>zh</语种></扩展元数据>"
        f"<文件清单>{rows}</文件清单></公文元数据>"
    ).encode()


def manifest(files: Files) -> bytes:
    return "".join(f"{hashlib.sha256(held).hexdigest()}  {name}\n" for name, held in sorted(files.items())).encode()


def parts(**changed: bytes) -> Files:
    """Every part of a sound package; `changed` replaces payload parts before hashes are reckoned."""
    payload = {PAPER: changed.pop("paper", pdf()), "data/annexes/01.csv": b"a,b\n1,2\n"}
    payload[DESCRIPTION] = changed.pop("description", b"") or description(payload)
    return tagged(payload)


def tagged(payload: Files) -> Files:
    size = sum(len(held) for held in payload.values())
    info = f"Source-Organization: 样例天文学会\nPayload-Oxum: {size}.{len(payload)}\n".encode()
    tags = {"bagit.txt": BAGIT.encode(), BAG_INFO: info, PAYLOAD_MANIFEST: manifest(payload)}
    return {**payload, **tags, TAG_MANIFEST: manifest(tags)}


def packed(files: Files, base: str = "bag/") -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bag:
        for name, held in files.items():
            bag.writestr(base + name, held)
    out.seek(0)
    return out


def read(source: io.BytesIO) -> rules.Package:
    return rules.read(source, most_bytes=MOST)


def test_a_sound_package_is_read() -> None:
    package = read(packed(parts()))
    assert (package.core["发文字号"], package.organization) == ("样天函〔2026〕8号", "样例天文学会")
    assert [file.role for file in package.files] == ["ANNEX", "PAPER"]
    assert package.paper == pdf()


def without(name: str) -> Callable[[], io.BytesIO]:
    return lambda: packed({key: held for key, held in parts().items() if key != name})


def changed(name: str, by: bytes) -> Callable[[], io.BytesIO]:
    return lambda: packed({**parts(), name: by})


def described(text: bytes) -> Callable[[], io.BytesIO]:
    return lambda: packed(parts(description=text))


def added(name: str) -> Callable[[], io.BytesIO]:
    return lambda: packed({**parts(), name: b"x"})


def raw(name: str, held: bytes = b"x", *, mode: int = 0) -> Callable[[], io.BytesIO]:
    """A package with one more entry under exactly that name."""

    def make() -> io.BytesIO:
        out = packed(parts())
        with zipfile.ZipFile(out, "a") as bag:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            bag.writestr(entry, held)
        out.seek(0)
        return out

    return make


def bomb() -> io.BytesIO:
    return packed({**parts(), "data/annexes/02.csv": b"\0" * 15_000_000})


def too_many() -> io.BytesIO:
    return packed(
        {**parts(), **{f"data/annexes/{n:02}.a{n}": b"x" for n in range(99)}, **{f"x{n}": b"" for n in range(99)}}
    )


ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    b'<x xmlns="urn:chancery:gbt33480-2016">&e;</x>'
)
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;&b;&b;&b;</x>'
HOSTILE: list[tuple[str, Callable[[], io.BytesIO]]] = [
    ("sound zip", lambda: io.BytesIO(b"not a zip")),
    ("sound zip", lambda: io.BytesIO(packed(parts()).getvalue()[:-40])),
    ("no file, or too many", lambda: packed({}, base="")),
    ("no file, or too many", too_many),
    ("does not say", without("bagit.txt")),
    ("does not say", changed("bagit.txt", b"BagIt-Version: 0.97\n")),
    ("are missing", without(BAG_INFO)),
    ("are missing", without(PAYLOAD_MANIFEST)),
    ("are missing", without(TAG_MANIFEST)),
    ("are missing", without(DESCRIPTION)),
    ("are missing", without(PAPER)),
    ("do not name the same parts", without("data/annexes/01.csv")),
    ("do not name the same parts", added("data/annexes/02.csv")),
    ("changed on its way", changed("data/annexes/01.csv", b"a,b\n1,3\n")),
    ("changed on its way", changed(BAG_INFO, b"Payload-Oxum: 1.1\n")),
    ("changed on its way", changed(PAYLOAD_MANIFEST, b"")),
    ("cannot be read", changed(TAG_MANIFEST, b"rubbish\n")),
    ("not UTF-8", changed(TAG_MANIFEST, b"\xff\xfe\n")),
    ("does not belong", added("data/../../etc/passwd.x")),
    ("does not belong", added("data/run.sh")),
    ("does not belong", added("fetch.txt")),
    ("one folder", raw("other/bagit.txt")),
    ("one folder", raw("/etc/passwd")),
    ("one folder", raw("bag/../../x")),
    ("one folder", raw("bag\\data\\x")),
    ("a link", raw("bag/data/annexes/07.txt", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)),
    ("the same name", raw("bag/data/paper.pdf")),
    ("the same name", raw("bag/data/Paper.PDF")),
    ("the same name", raw("bag/BAGIT.txt")),
    ("does not belong", raw("bag/manifest-sha512.txt")),
    ("does not belong", raw("bag/data/other/", b"")),
    ("does not belong", raw("bag/data/annexes/", b"x")),
    ("far more than it holds", bomb),
    ("document type or entities", described(ENTITY)),
    ("document type or entities", described(LAUGHS)),
    ("not sound XML", described(b"<x")),
    ("does not follow its schema", described(b"<x/>")),
    ("does not follow its schema", described(description({PAPER: pdf()}, title=""))),
    ("does not list the files", described(description({PAPER: pdf()}))),
    ("not the one its description means", described(description({PAPER: b"other", ANNEX: TABLE}))),
    ("which file is the paper", described(description({PAPER: pdf(), ANNEX: TABLE}).replace(b"PAPER", b"ANNEX"))),
]  # fmt: skip


@pytest.mark.parametrize(("says", "make"), HOSTILE, ids=[f"{place:02} {row[0]}" for place, row in enumerate(HOSTILE)])
def test_a_hostile_package_is_refused_and_says_why(says: str, make: Callable[[], io.BytesIO]) -> None:
    with pytest.raises(PackageRefused) as refused:
        read(make())
    if "data/../" not in str(refused.value) and "etc/passwd.x" not in str(refused.value):
        assert says in str(refused.value)


def test_a_package_larger_than_allowed_is_not_even_opened() -> None:
    with pytest.raises(PackageRefused, match="larger"):
        rules.read(packed(parts()), most_bytes=1000)
    with pytest.raises(PackageRefused, match="larger"):
        rules.read(packed({**parts(), "data/annexes/02.csv": bytes(range(256)) * 9000}), most_bytes=1_500_000)


@given(where=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255), part=st.sampled_from(SAMPLED))
def test_no_byte_of_any_part_is_changed_unseen(where: int, flip: int, part: str) -> None:
    files = parts()
    held = bytearray(files[part])
    held[where % len(held)] ^= flip
    if bytes(held) == files[part]:
        return
    with pytest.raises(PackageRefused):
        read(packed({**files, part: bytes(held)}))


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\x0b", b"\x0c", b"\x1c", b"\xc2\x85", b"\xe2\x80\xa8"])
def test_a_list_of_hashes_ends_its_lines_in_one_way(end: bytes) -> None:
    files = parts()
    with pytest.raises(PackageRefused):
        read(packed({**files, TAG_MANIFEST: files[TAG_MANIFEST].replace(b"\n", end)}))


@pytest.mark.parametrize("between", [b" *", b" \t", b"\t", b" ", b"   "])
def test_a_list_of_hashes_sets_its_names_apart_in_one_way(between: bytes) -> None:
    files = parts()
    with pytest.raises(PackageRefused):
        read(packed({**files, TAG_MANIFEST: files[TAG_MANIFEST].replace(b"  ", between)}))


@given(names=st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=4))
def test_no_further_entry_slips_in_whatever_its_name(names: list[str]) -> None:
    files = parts()
    for name in names:
        files.setdefault(name.replace("\0", "0"), b"x")
    if len(files) == len(parts()):
        return
    with pytest.raises(PackageRefused):
        read(packed(files))


@given(content=st.binary(max_size=400))
def test_any_bytes_at_all_are_refused_or_read_never_worse(content: bytes) -> None:
    with pytest.raises(PackageRefused):
        read(io.BytesIO(content))


# --- Out and in -------------------------------------------------------------------------------------------------------
@pytest.fixture
def sealed(house: House, settings: Any, tmp_path: Any) -> bytes:
    """A paper that bears the General Office's seal."""
    from chancery.kernel.records.seals.tests import office as seals

    settings.SEAL_KEYS = tmp_path / "seals"
    seal = seals.register(house.cast, valid_from=clock.date_of(house.at), at=house.at)
    return bytes(seals.affix(house.cast, seal, seals.paper(pages=1), at=house.at).pdf)


def test_a_document_goes_out_and_comes_in_with_nothing_lost(house: House, sealed: bytes, client_as: Any) -> None:
    paper = house.released(annexes=("附表.csv", "说明.txt"), copies=("GO",), sealed=sealed, urgency="URGENT")
    by = house.cast.registrar
    name, content = services.make_package(document_id=paper.pk, by=by, at=house.tick())
    assert name.endswith(".zip")
    answer = client_as(by).post("/general-office/outgoing/packages/", {"package": io.BytesIO(content)}, follow=True)
    assert answer.status_code == 200
    with acting_as(SYSTEM):
        draft = IncomingDocument.objects.get(package__isnull=False)
        files = list(IncomingFile.objects.filter(document=draft).select_related("stored").order_by("position"))
    assert (draft.title, draft.sender, draft.sender_number) == (TITLE, "办公厅", paper.number)
    assert (draft.dated_on, draft.kind, draft.urgency) == (paper.dated_on, "NOTICE", "EXPEDITED")
    assert (draft.carrier, draft.addressees, draft.state) == ("EXCHANGE", "学会学术部", "DRAFT")
    assert [file.part for file in files] == ["MAIN", "ANNEX", "ANNEX", "ENVELOPE"]
    assert files[0].stored.sha256 == hashlib.sha256(sealed).hexdigest()
    assert [file.name for file in files[1:3]] == ["附表.csv", "说明.txt"]
    with pytest.raises(Refused, match="already"):
        services.take_in(source=io.BytesIO(content), by=by, at=house.tick())


def kept() -> tuple[int, int, int]:
    with acting_as(SYSTEM):
        return IncomingDocument.objects.count(), StoredFile.objects.count(), PackageTaken.objects.count()


def test_an_unsealed_or_altered_paper_is_refused_and_nothing_is_kept(house: House, sealed: bytes) -> None:
    by = house.cast.registrar
    before = kept()
    altered = sealed.replace(b"/Type", b"/Tipe", 1)
    for paper, says in ((pdf(), "no seal"), (altered, "changed|no seal"), (sealed + b"\n% more", "changed")):
        with pytest.raises(Refused, match=says):
            services.take_in(source=packed(parts(paper=paper)), by=by, at=house.tick())
    with pytest.raises(Refused, match="changed on its way"):
        services.take_in(source=changed("data/annexes/01.csv", b"x")(), by=by, at=house.tick())
    assert kept() == before


def test_a_document_registered_before_is_not_taken_in_again(house: House, sealed: bytes) -> None:
    by = house.cast.registrar
    first = services.take_in(source=packed(parts(paper=sealed)), by=by, at=house.tick())
    from chancery.departments.general_office.incoming_documents.registration import services as registration

    registration.register_document(document_id=first.pk, by=by, at=house.tick())
    files = {PAPER: sealed, "data/annexes/01.csv": b"another\n"}
    other = packed(tagged({**files, DESCRIPTION: description(files)}))
    with pytest.raises(Refused, match="registered already"):
        services.take_in(source=other, by=by, at=house.tick())


def test_minutes_bear_no_seal_and_come_in_unvouched(house: House) -> None:
    files = {PAPER: pdf(), ANNEX: TABLE}
    text = description(files).replace(b">LETTER<", b">MINUTES<")
    draft = services.take_in(
        source=packed(tagged({**files, DESCRIPTION: text})), by=house.cast.registrar, at=house.tick()
    )
    with acting_as(SYSTEM):
        assert (draft.package.is_trusted, draft.package.signed_by) == (False, "")


def test_only_the_registry_packs_and_takes_in(house: House, sealed: bytes, client_as: Any) -> None:
    paper = house.released(sealed=sealed)
    for who in ("drafter", "outsider"):
        with pytest.raises(Refused):
            services.make_package(document_id=paper.pk, by=getattr(house.cast, who), at=house.tick())
        with pytest.raises(Refused):
            services.take_in(source=packed(parts(paper=sealed)), by=getattr(house.cast, who), at=house.tick())
        assert client_as(getattr(house.cast, who)).get("/general-office/outgoing/packages/").status_code == 403


def test_the_page_says_what_is_wrong(house: House, client_as: Any) -> None:
    answer = client_as(house.cast.registrar).post(
        "/general-office/outgoing/packages/", {"package": io.BytesIO(b"not a zip")}
    )
    assert answer.status_code == 422
    assert "not a sound zip" in answer.text
