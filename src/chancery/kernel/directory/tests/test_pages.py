"""The public pages."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.directory import services
from chancery.kernel.directory.tests.conftest import CLERK, NOW, PLACE, Office, person, text_of


def test_the_page_tells_the_cases_of_the_published_one(seeded: None, visit: Any) -> None:
    words = text_of(visit(PUBLIC).get(PLACE))
    for said in (
        "Home About us Administrative Departments",
        "Director general Wang Yanhu concurrent",
        "Director general Vacant Deputy directors general Guo Zhe , Zhang Feng Telephone 86-10-68572088",
        "Deputy directors general Liu Yadong , Qian Yan , Liu Yang concurrent",
        "Office for Cooperation with Enterprises Led by Department of Academic and Societies Affairs",
        "Deputy Directors General Wang Qinglin",
        "No.3 Fuxing Rd., Beijing, P.R.China (100863)",
        "cast-liasion@cast.org.cn",
        "Confirmed on 2007-01-01",
    ):
        assert said in words
    assert words.count("86-10-68578086") == 2


def test_the_page_in_chinese(seeded: None, visit: Any) -> None:
    words = text_of(visit(PUBLIC, "zh-hans").get(PLACE))
    for said in (
        "首页 关于我们 机关部门",
        "主任 Ren Fujun",
        "副巡视员 Meng Bo",
        "部长 Wang Yanhu 兼",
        "部长 空缺",
        "北京市复兴路3号",
    ):
        assert said in words


def test_the_page_of_a_past_day(office: Office, visit: Any) -> None:
    services.end_holding(holding_id=office.anna_holds, by=SYSTEM, at=NOW)
    public = visit(PUBLIC)
    assert "Director Vacant" in text_of(public.get(PLACE))
    past = text_of(public.get(f"{PLACE}?on=2026-03-01"))
    assert "Director Anna Ash" in past
    assert "As it was on" in past
    assert "Nothing is recorded for that day" in text_of(public.get(f"{PLACE}?on=2019-12-31"))


def test_a_day_that_is_none_is_told_at_the_field(office: Office, visit: Any) -> None:
    answer = visit(PUBLIC).get(f"{PLACE}?on=2026-02-31")
    assert answer.status_code == 400
    assert 'class="asof-error"' in answer.content.decode()


def test_the_find_box(office: Office, visit: Any) -> None:
    public = visit(PUBLIC)
    assert "Anna Ash Director · Department of Apples" in text_of(public.get(f"{PLACE}?find=ay"))
    assert "Nothing found" in text_of(public.get(f"{PLACE}?find=zzz"))


def test_the_public_page_keeps_to_public_posts_for_staff_too(office: Office, visit: Any) -> None:
    quiet = services.open_post(unit_id=office.a, title_en="Quiet clerk", by=SYSTEM, at=NOW).pk
    services.appoint(person_id=person("Dai Dew").pk, post_id=quiet, by=SYSTEM, at=NOW)
    for actor in (PUBLIC, CLERK):
        assert "Quiet" not in text_of(visit(actor).get(PLACE))
        assert "Nothing found" in text_of(visit(actor).get(f"{PLACE}?find=dai"))
        assert visit(actor).get("/about-us/people/dai-dew/").status_code == 404


def test_a_private_line_is_nowhere_in_public(office: Office, visit: Any) -> None:
    owners: list[dict[str, Any]] = [{"unit_id": office.a}, {"post_id": office.director}, {"person_id": office.anna}]
    for owner in owners:
        services.add_contact(**owner, kind="PHONE", value="13800000000", use="PRIVATE", by=SYSTEM, at=NOW)
        services.add_contact(**owner, kind="PHONE", value="13900000000", by=SYSTEM, at=NOW)
    addresses = (
        "",
        "A/",
        "A.vcf",
        "directory.csv",
        "directory.org.jsonld",
        "directory.schema.jsonld",
        "directory.vcf",
        "organogram/",
    )
    for address in [PLACE + each for each in addresses] + ["/about-us/people/anna-ash/", "/about-us/"]:
        for actor in (PUBLIC, CLERK):
            body = visit(actor).get(address).content.decode()
            assert "13800000000" not in body
            assert "13900000000" not in body


def test_a_unit_page_and_a_person_page(seeded: None, visit: Any) -> None:
    public = visit(PUBLIC)
    unit = text_of(public.get(f"{PLACE}EC/"))
    assert "Led by Department of Academic and Societies Affairs" in unit
    assert "企业合作办公室" in unit
    song = text_of(public.get("/about-us/people/song-jun/"))
    assert "Department of Academic and Societies Affairs" in song
    assert "Office for Cooperation with Enterprises" in song
    assert public.get(f"{PLACE}NONE/").status_code == 404
    assert public.get("/about-us/people/nobody/").status_code == 404
    assert "did not exist on that day" in text_of(public.get(f"{PLACE}EC/?on=1990-01-01"))


def test_the_organogram_is_a_picture_of_links_with_its_table(seeded: None, visit: Any) -> None:
    public = visit(PUBLIC)
    svg = public.get(f"{PLACE}organogram.svg")
    assert svg.headers["Content-Type"].startswith("image/svg+xml")
    root = ET.fromstring(svg.content)
    names = {"s": "http://www.w3.org/2000/svg"}
    links = root.findall(".//s:a", names)
    assert len(links) == 14
    assert links[1].get("href") == f"{PLACE}GO/"
    dashed = [path for path in root.findall(".//s:path", names) if path.get("stroke-dasharray")]
    assert len(dashed) == 1
    assert (
        dashed[0][0].text
        == "Department of Academic and Societies Affairs leads Office for Cooperation with Enterprises"
    )
    page = public.get(f"{PLACE}organogram/").content.decode()
    assert page.count('class="organogram-box"') == 14
    assert page.count('data-label="Part of"') == 14


def test_the_page_is_kept_until_it_changes(office: Office, visit: Any) -> None:
    public = visit(PUBLIC)
    tag = public.get(PLACE).headers["ETag"]
    assert public.get(PLACE, headers={"If-None-Match": tag}).status_code == 304
    assert visit(PUBLIC, "zh-hans").get(PLACE, headers={"If-None-Match": tag}).status_code == 200
    services.end_holding(holding_id=office.anna_holds, by=SYSTEM, at=NOW)
    assert visit(PUBLIC).get(PLACE, headers={"If-None-Match": tag}).status_code == 200


def test_the_page_asks_as_much_of_a_big_house_as_of_a_small_one(office: Office, visit: Any) -> None:
    def asked(address: str) -> int:
        public = visit(PUBLIC)
        public.get(address)
        with CaptureQueriesContext(connection) as found:
            public.get(address)
        return len(found)

    addresses = (
        PLACE,
        f"{PLACE}?find=a",
        f"{PLACE}organogram/",
        f"{PLACE}directory.csv",
        f"{PLACE}A/",
        "/about-us/people/anna-ash/",
    )
    before = [asked(address) for address in addresses]
    with acting_as(SYSTEM):
        for number in range(30):
            made = services.create_unit(
                code=f"N{number}", name_en=f"New {number}", kind="DIVISION", parent_id=office.a, by=SYSTEM, at=NOW
            )
            post = services.open_post(unit_id=made.pk, title_en="Head", is_public=True, by=SYSTEM, at=NOW)
            services.appoint(person_id=person(f"Aa Person{number}").pk, post_id=post.pk, by=SYSTEM, at=NOW)
    assert [asked(address) for address in addresses] == before


def test_what_changed_last_year(office: Office, visit: Any) -> None:
    services.end_holding(holding_id=office.anna_holds, decision="7/2026", by=SYSTEM, at=NOW)
    words = text_of(visit(PUBLIC).get(f"{PLACE}changes/"))
    assert "2026-03-02 Left Department of Apples Director Anna Ash 7/2026" in words
    assert "Founding" not in words
