"""Loading a file: every case of the published page, and every fault with its line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.directory import queries, rules
from chancery.kernel.directory.desk.queries import holdings_of
from chancery.kernel.directory.loading.rules import BadFile, lines_of, read_sheet
from chancery.kernel.directory.loading.services import load_file
from chancery.kernel.directory.models import Contact, FormerVersion, Holding, Person, Unit
from chancery.kernel.directory.publicpage.queries import House, PublicUnit, house_on
from chancery.kernel.directory.tests.conftest import CLERK, NOW, SEED, TODAY

DAY = dt.date(2007, 1, 1)


@pytest.fixture
def house(seeded: None) -> House:
    return house_on(DAY)


def unit(house: House, code: str) -> PublicUnit:
    return next(each for each in house.walk() if each.code == code)


def holders(house: House, code: str) -> dict[str, list[tuple[str, str]]]:
    return {post["title_en"]: [(h["name_en"], h["kind"]) for h in post["holders"]] for post in unit(house, code).posts}


def test_the_departments_stand_in_the_order_of_the_page(house: House) -> None:
    assert [each.name_en for each in house.units] == [
        "General Office",
        "Department of Planning and Finance",
        "Department of Organization and Personnel",
        "Department of Research and Publicity",
        "Department of Academic and Societies Affairs",
        "Office for Cooperation with Enterprises",
        "Department of Science Popularization",
        "Department of International Affairs",
    ]
    assert [each.name_zh for each in house.units] == [
        "办公厅", "计划财务部", "组织人事部", "调研宣传部", "学会学术部", "企业合作办公室", "科学技术普及部",
        "国际联络部",
    ]  # fmt: skip
    assert all(each.functions_en and each.functions_zh for each in house.units)


def test_one_director_general_is_vacant(house: House) -> None:
    post = unit(house, "RP").posts[0]
    assert (post["title_en"], post["holders"], post["vacant"]) == ("Director general", [], 1)
    assert [row["unit_code"] for row in vacancies()] == ["RP"]


def vacancies() -> list[queries.Row]:
    with acting_as(SYSTEM):
        return queries.vacancies(DAY)


def test_two_people_hold_their_posts_concurrently(house: House) -> None:
    assert holders(house, "PF")["Director general"] == [("Wang Yanhu", "CONCURRENT")]
    assert holders(house, "SP")["Deputy director general"] == [
        ("Liu Yadong", "SUBSTANTIVE"), ("Qian Yan", "SUBSTANTIVE"), ("Liu Yang", "CONCURRENT"),
    ]  # fmt: skip


def test_one_person_heads_two_bodies(house: House) -> None:
    assert holders(house, "AS")["Director general"] == holders(house, "EC")["Director"] == [("Song Jun", "SUBSTANTIVE")]
    song = Person.objects.get(code="song-jun")
    assert sorted(row["unit_code"] for row in holdings_of("person", song.pk, DAY) if row["is_now"]) == ["AS", "EC"]
    assert {row["code"] for row in queries.concurrent_posts(DAY)} == {"song-jun", "wang-yanhu", "liu-yang"}


def test_one_office_is_led_by_another_and_shares_its_two_telephones(house: House) -> None:
    office = unit(house, "EC")
    assert office.leader_name_en == "Department of Academic and Societies Affairs"
    numbers = [contact["value"] for contact in office.contacts]
    assert numbers == ["86-10-68578086", "68515739"] == [contact["value"] for contact in unit(house, "AS").contacts]


def test_two_english_titles_for_one_rank(house: House) -> None:
    associate, deputy = unit(house, "GO").posts[2], unit(house, "AS").posts[2]
    assert (associate["title_en"], deputy["title_en"]) == ("Associate inspector", "Deputy inspector")
    assert associate["title_zh"] == deputy["title_zh"] == "副巡视员"
    assert associate["rank"] == deputy["rank"] == "DEPUTY_INSPECTOR"


def test_divisions_stand_under_international_affairs_only_and_have_no_telephone(house: House) -> None:
    assert [each.name_en for each in unit(house, "IA").units] == [
        "Division of General Management",
        "Division of International Organizations",
        "Division of Bilateral Cooperation",
        "Division of Hongkong, Macao and Taiwan Exchanges",
        "Office of HOME Program",
    ]
    assert all(not each.units for each in house.units if each.code != "IA")
    assert all(not each.contacts and not each.posts for each in unit(house, "IA").units)
    assert unit(house, "IA").contacts == []


def test_one_deputy_stands_under_a_plural_heading(house: House) -> None:
    deputy = unit(house, "IA").posts[1]
    assert (deputy["title_en"], deputy["heading_en"], deputy["seats"]) == (
        "Deputy Director General",
        "Deputy Directors General",
        1,
    )


def test_the_address_block_is_as_published_the_e_mail_included(house: House) -> None:
    assert house.root is not None
    assert [(contact["kind"], contact["value"]) for contact in house.root.contacts] == [
        ("ADDRESS", "No.3 Fuxing Rd., Beijing, P.R.China"),
        ("POSTCODE", "100863"),
        ("PHONE", "86-10-68571898"),
        ("FAX", "86-10-68571897"),
        ("EMAIL", "cast-liasion@cast.org.cn"),
    ]


def test_nobody_is_given_characters_the_page_does_not_have(house: House) -> None:
    assert set(Person.objects.values_list("name_zh", "is_sample")) == {("", False)}
    assert Person.objects.count() == 23


def test_our_own_words_are_used_for_the_work(house: House) -> None:
    page = Path(__file__).parents[7] / "shared/seed/administrative-departments.txt"
    if not page.exists():  # the page is not shipped; where it lies beside the checkout, compare
        return
    text = " ".join(page.read_text().split()).casefold()
    for each in house.units:
        words = each.functions_en.casefold().split()
        runs = (" ".join(words[place : place + 9]) for place in range(len(words) - 8))
        assert [run for run in runs if run in text] == []


def test_the_day_before_there_was_nothing(house: House) -> None:
    assert house_on(DAY - dt.timedelta(days=1)).root is None


def test_loading_twice_finds_no_difference(seeded: None) -> None:
    again = load_file(path=SEED, by=SYSTEM, at=NOW, apply=True)
    assert again.steps == []
    assert FormerVersion.objects.filter(row_table="directory_holding").count() == 0


def test_looking_alone_changes_nothing(db: None) -> None:
    seen = load_file(path=SEED, by=SYSTEM, at=NOW, apply=False)
    assert "+ post in RP: Director general 部长" in str(seen)
    assert not seen.is_applied
    with acting_as(SYSTEM):
        assert Unit.objects.count() == 0


def test_a_reorganisation_is_loaded_as_of_its_day(seeded: None, tmp_path: Path) -> None:
    text = SEED.read_text()
    text = text.replace("as_of = 2007-01-01", "as_of = 2009-05-01", 1)
    text = text.replace('"Department of Planning and Finance"', '"Department of Planning"')
    text = text.replace("holders = []", 'holders = ["gu-bin"]').replace(
        '["gu-bin", "zhang-xiaomei"]', '["zhang-xiaomei"]'
    )
    text = text.replace('value = "86-10-68571878"', 'value = "86-10-68571800"')
    file = tmp_path / "new.toml"
    file.write_text(text)
    loaded = load_file(path=file, by=SYSTEM, at=NOW, apply=True)
    assert str(loaded).splitlines() == [
        "~ unit PF: name_en 'Department of Planning and Finance' → 'Department of Planning'",
        "- gu-bin in GO: Deputy director general 副主任",
        "- zhang-xiaomei in GO: Deputy director general 副主任",
        "+ zhang-xiaomei in GO: Deputy director general 副主任",
        "+ gu-bin in RP: Director general 部长",
        "- contact of GO: 86-10-68571878",
        "+ contact of GO: 86-10-68571800",
    ]
    before, after = house_on(dt.date(2009, 4, 30)), house_on(dt.date(2009, 5, 1))
    assert unit(before, "PF").name_en == "Department of Planning and Finance"
    assert unit(after, "PF").name_en == "Department of Planning"
    assert holders(before, "RP")["Director general"] == []
    assert holders(after, "RP")["Director general"] == [("Gu Bin", "SUBSTANTIVE")]
    assert [c["value"] for c in unit(after, "GO").contacts] == ["86-10-68571800"]
    assert load_file(path=file, by=SYSTEM, at=NOW, apply=True).steps == []


def test_a_post_the_file_forgets_is_abolished(seeded: None, tmp_path: Path) -> None:
    text = SEED.read_text()
    start = text.index('  [[unit.post]]\n  code = "ai"')
    end = text.index("  [[unit.contact]]", start)
    file = tmp_path / "less.toml"
    file.write_text(text[:start] + text[end:])
    loaded = load_file(path=file, on=dt.date(2010, 1, 1), by=SYSTEM, at=NOW, apply=True)
    assert str(loaded) == "- post in GO: Associate inspector 副巡视员"
    assert Holding.objects.get(person__code="meng-bo").during.upper == dt.date(2010, 1, 1)


def faults(text: str, tmp_path: Path) -> list[tuple[int, str]]:
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(BadFile) as refusal:
        load_file(path=file, by=SYSTEM, at=NOW, apply=True)
    return [(line, str(sentence)) for line, sentence in refusal.value.faults]


HEAD = "as_of = 2020-01-01\n\n"
UNIT = "[[unit]]\ncode = 'A'\nname_en = 'X'\nkind = 'OFFICE'\n"
POST = "[[unit.post]]\ncode = 'd'\ntitle_en = 'D'\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("as_of = 2020-01-01\nthis is not TOML\n", 2, "not TOML"),
        ("title = 'x'\n", 1, "needs as_of"),
        ("as_of = 'yesterday'\n", 1, "must be a date"),
        (HEAD + "[[unit]]\ncode = 'A'\nkind = 'OFFICE'\n", 3, "unit needs name_en"),
        (HEAD + "[[unit]]\ncode = 'A'\nname_en = 'X'\nkind = 'CASTLE'\n", 6, "CASTLE is none of"),
        (HEAD + "[[unit]]\ncode = 'A A'\nname_en = 'X'\nkind = 'OFFICE'\n", 4, "A code has"),
        (HEAD + "[[unit]]\ncode = 'A'\nname_en = 'X'\nkind = 'OFFICE'\ncolour = 'red'\n", 7, "no key colour"),
        (HEAD + "[[unit]]\ncode = 'A'\nname_en = 'X'\nkind = 'OFFICE'\nparent = 'Q'\n", 3,
            "unit above, Q, is not known"),
        (HEAD + "[[unit]]\ncode = 'A'\nname_en = 'X'\nkind = 'OFFICE'\nled_by = 'Q'\n", 3,
            "leading unit, Q, is not known"),
        (HEAD + "[[unit]]\ncode = 'A'\nname_en = 'X'\nkind = 'OFFICE'\nled_by = 'A'\n", 3, "cannot be led by itself"),
        (HEAD + 2 * "[[unit]]\ncode = 'A'\nname_en = 'X'\nkind = 'OFFICE'\n", 7, "given already on line 3"),
        (HEAD + "[[person]]\ncode = 'p'\nname_en = ''\n", 5, "is empty"),
        (
            HEAD + UNIT.replace("'X'", "'''\n[[x]]\n'''") + POST + "holders = ['nobody']\n",
            12,
            "Nobody has the code nobody",
        ),
        (
            HEAD + UNIT + POST + "seats = 0\n",
            10,
            "at least one seat",
        ),
        (
            HEAD + "[[person]]\ncode = 'p'\nname_en = 'P'\n" + UNIT + POST + "holders = ['p', 'p']\n",
            13,
            "2 holders for 1 seats",
        ),
        (
            HEAD + UNIT + "[[unit.contact]]\nkind = 'PHONE'\nvalue = 'ring me'\n",
            9,
            "A telephone number has",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_nothing_is_loaded(
    db: None, tmp_path: Path, text: str, line: int, said: str
) -> None:
    found = faults(text, tmp_path)
    assert any(at == line and said in sentence for at, sentence in found), found
    with acting_as(SYSTEM):
        assert not Unit.objects.exists()
        assert not Contact.objects.exists()


def test_every_fault_is_told_at_once(db: None, tmp_path: Path) -> None:
    found = faults(HEAD + "[[unit]]\ncode = 'A'\n\n[[unit]]\nname_en = 'B'\nkind = 'NONE'\n", tmp_path)
    assert [line for line, _said in found] == [3, 3, 6, 8]


def test_a_file_that_is_not_text_names_the_line(db: None, tmp_path: Path) -> None:
    file = tmp_path / "latin.toml"
    file.write_bytes(b"as_of = 2020-01-01\n# caf\xe9\n")
    with pytest.raises(BadFile, match="line 2: not UTF-8"):
        load_file(path=file, by=SYSTEM, at=NOW)


def test_a_file_that_is_not_there(db: None, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        load_file(path=tmp_path / "none.toml", by=SYSTEM, at=NOW)


def test_a_day_before_the_directory_began_is_refused_with_lines(seeded: None) -> None:
    with pytest.raises(BadFile, match=r"line \d+: CAST is in the directory from 2007-01-01, but not on 2000-01-01"):
        load_file(path=SEED, on=dt.date(2000, 1, 1), by=SYSTEM, at=NOW, apply=True)


def test_only_editors_load(db: None) -> None:
    with pytest.raises(Refused):
        load_file(path=SEED, by=CLERK, at=NOW, apply=True)
    assert rules.may_edit(SYSTEM, None)


def test_looking_costs_the_same_however_long_the_file(seeded: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        load_file(path=SEED, on=TODAY, by=SYSTEM, at=NOW)
    selects = [
        query
        for query in asked.captured_queries
        if query["sql"].lstrip().lower().startswith("select u.") or "directory_" in query["sql"]
    ]
    assert len(selects) == 5


def test_lines_are_found_inside_tables_lists_and_long_texts() -> None:
    text = 'a = 1\nb = """\n[[not.a.table]]\n"""\n[[unit]]\ncode = "x"\nlist = [\n  "[",\n]\n'
    text += "[[unit.post]]\nk = 1\n[[unit.post]]\n[[unit]]\n[[unit.post]]\n"
    lines = lines_of(text)
    assert lines[("unit", 0)] == 5
    assert lines[("unit", 0, "post", 1)] == 12
    assert lines[("unit", 1, "post", 0)] == 14
    assert ("not", "a", "table", 0) not in lines


def test_the_shipped_file_is_sound() -> None:
    assert len(read_sheet(SEED.read_text()).units) == 16
