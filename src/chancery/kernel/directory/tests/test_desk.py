"""The desk: what staff read there, and the forms by which editors change the directory."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.directory import queries, services
from chancery.kernel.directory.models import Holding, Person, Post, Unit
from chancery.kernel.directory.tests.conftest import (
    CLERK,
    EDITOR,
    NOW,
    PLACE,
    TODAY,
    Office,
    person,
    seen_on,
    sent,
    text_of,
)

READ = (
    "/directory/", "/directory/vacancies/", "/directory/several-posts/", "/directory/people/?find=a",
    "/pick/units/?q=a",
    "/directory/units/A/", "/directory/people/anna-ash/",
)  # fmt: skip
CHANGE = (
    "/directory/units/new/", "/directory/units/A/change/", "/directory/units/A/dissolve/",
    "/directory/units/A/posts/new/",
    "/directory/units/A/contacts/new/", "/directory/people/new/", "/directory/people/anna-ash/correct/",
    "/directory/people/anna-ash/contacts/new/",
)  # fmt: skip


def test_the_desk_is_for_staff_and_changing_for_editors(office: Office, visit: Any) -> None:
    post, holding = f"/directory/posts/{office.director}/", f"/directory/holdings/{office.anna_holds}/"
    read = [*READ, post]
    change = [
        *CHANGE,
        f"{post}change/",
        f"{post}abolish/",
        f"{post}appoint/",
        f"{post}contacts/new/",
        f"{holding}end/",
        f"{holding}correct/",
    ]
    for address in read:
        assert visit(PUBLIC).get(address).status_code in {302, 401, 403}, address
        assert visit(CLERK).get(address).status_code == 200, address
        assert visit(EDITOR).get(address).status_code == 200, address
    for address in change:
        assert visit(PUBLIC).get(address).status_code in {302, 401, 403}, address
        assert visit(CLERK).get(address).status_code == 403, address
        assert visit(EDITOR).get(address).status_code == 200, address
    assert "/change/" not in visit(CLERK).get("/directory/units/A/").content.decode()
    for address in (
        "/directory/units/ZZ/",
        "/directory/posts/0/",
        "/directory/holdings/0/end/",
        "/directory/people/nobody/",
        "/directory/contacts/0/end/",
    ):
        assert visit(EDITOR).get(address).status_code == 404, address


def test_a_unit_is_set_up_changed_and_dissolved(office: Office, visit: Any) -> None:
    editor = visit(EDITOR)
    facts = {"name_en": "Cherries", "name_zh": "樱桃部", "kind": "DIVISION", "parent": "A", "position": "3"}
    made = sent(editor, "/directory/units/new/", code="C", **facts)
    assert made.status_code == 302
    assert made.headers["Location"] == "/directory/units/C/"
    changed = sent(editor, "/directory/units/C/change/", **{**facts, "parent": "B", "led_by": "A"})
    assert changed.status_code == 302
    unit = Unit.objects.get(code="C")
    assert (unit.parent_id, unit.led_by_id) == (office.b, office.a)
    gone = sent(editor, "/directory/units/C/dissolve/", on="2026-04-01")
    assert gone.status_code == 302
    assert "Unit dissolved" in text_of(editor.get("/directory/units/C/"))


@pytest.mark.parametrize(
    ("address", "data", "field", "said"),
    [
        ("/directory/units/new/", {"code": "A", "name_en": "X", "kind": "OFFICE", "position": "0"}, "code",
            "Another unit has this code"),
        ("/directory/units/new/", {"code": "a b", "name_en": "X", "kind": "OFFICE", "position": "0"}, "code",
            "letters, digits"),
        ("/directory/units/new/", {"code": "Z", "name_en": "X", "kind": "OFFICE", "position": "0", "parent": "QQ"},
            "parent", "Nothing is found by that"),
        ("/directory/units/A/change/", {"name_en": "X", "kind": "OFFICE", "position": "0", "parent": "A1"}, "parent",
            "cannot stand under itself"),
        ("/directory/units/A/change/", {"name_en": "X", "kind": "OFFICE", "position": "0", "led_by": "A"}, "led_by",
            "cannot be led by itself"),
        ("/directory/units/A/change/", {"name_en": "X", "kind": "OFFICE", "position": "0", "on": "2025-01-01"},
            "decision", "dated before today"),
        ("/directory/units/A/dissolve/", {}, "on", "Division of Cider"),
        ("/directory/units/A/posts/new/", {"title_en": "X", "rank": "STAFF", "seats": "0", "position": "0"}, "seats",
            "greater than or equal to 1"),
        ("post/appoint/", {"person": "anna-ash", "kind": "SUBSTANTIVE"}, "person", "already holds this post"),
        ("post/appoint/", {"person": "bo-birch", "kind": "SUBSTANTIVE"}, "seat", "Every seat of this post is taken"),
        ("post/appoint/", {"person": "bo-birch", "kind": "SUBSTANTIVE", "seat": "1"}, "seat",
            "Somebody else holds that seat"),
        ("post/appoint/", {"person": "bo-birch", "kind": "ACTING", "seat": "2"}, "seat", "fewer seats"),
        ("post/appoint/", {"person": "bo-birch", "kind": "ACTING", "until": "2026-01-01"}, "until",
            "The end must come after the start"),
        ("post/appoint/", {"person": "nobody at all", "kind": "ACTING"}, "person", "Nothing is found by that"),
        ("post/abolish/", {}, "with_holdings", "Still held by Anna Ash"),
        ("holding/end/", {"on": "2019-01-01", "decision": "x"}, "on", "the end must come after the start"),
        ("holding/correct/", {"start": "2021-01-01", "kind": "SUBSTANTIVE", "seat": "1"}, "reason",
            "This field is required"),
        ("holding/correct/", {"start": "2019-01-01", "kind": "SUBSTANTIVE", "seat": "1", "reason": "x"}, "on",
            "The post does not exist"),
        ("/directory/units/A/contacts/new/", {"kind": "PHONE", "value": "13800000000", "use": "PRIVATE",
            "is_public": "on", "position": "0"}, "is_public", "private line"),
        ("/directory/people/new/", {"name_en": "Anna Ash", "name_zh": "安雅", "label": "10"}, "is_namesake",
            "in the directory already"),
    ],
)  # fmt: skip
def test_a_refusal_stands_beside_its_field(
    office: Office, visit: Any, address: str, data: dict[str, str], field: str, said: str
) -> None:
    address = (
        address.replace("post/", f"/directory/posts/{office.director}/") if address.startswith("post/") else address
    )
    address = (
        address.replace("holding/", f"/directory/holdings/{office.anna_holds}/")
        if address.startswith("holding/")
        else address
    )
    answer = sent(visit(EDITOR), address, **data)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    beside = field if field in answer.context["form"].fields else "__all__"
    assert said in " ".join(str(error) for error in errors.get(beside, [])), errors


def test_two_people_at_once_one_wins_and_the_other_is_told(office: Office, visit: Any) -> None:
    address = f"/directory/posts/{office.deputies}/change/"
    editor = visit(EDITOR)
    seen = seen_on(editor.get(address))
    facts = {"title_en": "Vice director", "rank": "STAFF", "seats": "2", "position": "2", "on": TODAY.isoformat()}
    assert editor.post(address, {**facts, "seen": seen}).status_code == 302
    late = editor.post(address, {**facts, "title_en": "Second director", "seen": seen})
    assert late.status_code == 409
    words = text_of(late)
    assert "Changed meanwhile" in words
    assert 'value="Second director"' in late.content.decode()
    assert Post.objects.get(pk=office.deputies).title_en == "Vice director"
    # Having looked, one sends again what was kept.
    again = {**facts, "title_en": "Second director", "seen": seen_on(late)}
    assert editor.post(address, again).status_code == 302


def test_a_double_click_acts_once(office: Office, visit: Any) -> None:
    editor = visit(EDITOR)
    address = f"/directory/units/{'A'}/posts/new/"
    page = editor.get(address).content.decode()
    data = dict(re.findall(r'name="(act_token|seen)" value="([^"]+)"', page))
    data |= {"title_en": "Clerk", "rank": "STAFF", "seats": "1", "position": "9", "on": TODAY.isoformat()}
    assert [editor.post(address, data).status_code for _click in range(2)] == [302, 302]
    assert Post.objects.filter(title_en="Clerk").count() == 1


def test_appoint_act_end_and_correct_at_the_desk(office: Office, visit: Any) -> None:
    editor = visit(EDITOR)
    post = f"/directory/posts/{office.director}/"
    assert sent(editor, f"/directory/holdings/{office.anna_holds}/end/").status_code == 302
    assert sent(editor, f"{post}appoint/", person="bb", kind="ACTING").status_code == 302
    assert sent(editor, f"{post}appoint/", person="Chen Cedar", kind="CONCURRENT").status_code == 302
    assert [(row["name_en"], row["kind"]) for row in queries.holders_of(office.director, TODAY)] == [
        ("Chen Cedar", "CONCURRENT"), ("Bo Birch", "ACTING"),
    ]  # fmt: skip
    acting = Holding.objects.get(post_id=office.director, kind="ACTING")
    address = f"/directory/holdings/{acting.pk}/correct/"
    assert (
        sent(editor, address, is_wrong="on", start=TODAY, kind="ACTING", seat="1", reason="Meant for Chen.").status_code
        == 302
    )
    page = text_of(editor.get(post))
    assert "struck out" in page
    assert "Meant for Chen." in page
    assert "Meant for Chen." in text_of(editor.get(address))


def test_a_name_that_several_answer_to_is_asked_back(office: Office, visit: Any) -> None:
    person("Anna Aster")
    answer = sent(visit(EDITOR), f"/directory/posts/{office.deputies}/appoint/", person="anna", kind="ACTING")
    assert answer.context["form"].errors["person"] == ["Choose from what was found."]
    page = text_of(answer)
    assert "Anna Aster · anna-aster" in page
    assert "Anna Ash · Director · Department of Apples · anna-ash" in page


def test_a_person_is_added_corrected_and_reached(office: Office, visit: Any) -> None:
    editor = visit(EDITOR)
    assert (
        sent(editor, "/directory/people/new/", name_en="Dai Dew", name_zh="戴露", label="10").headers["Location"]
        == "/directory/people/dai-dew/"
    )
    fixed = sent(
        editor, "/directory/people/dai-dew/correct/", name_en="Dai Du", name_zh="戴露", label="10", reason="Misheard"
    )
    assert fixed.status_code == 302
    assert "Misheard" in text_of(editor.get("/directory/people/dai-dew/"))
    assert Person.objects.get(code="dai-dew").name_en == "Dai Du"
    added = sent(
        editor,
        "/directory/people/dai-dew/contacts/new/",
        kind="PHONE",
        value="13800000000",
        use="PRIVATE",
        position="0",
    )
    assert added.status_code == 302
    assert "13800000000" in text_of(visit(CLERK).get("/directory/people/dai-dew/"))


def test_confirming_publishing_and_ending_a_contact(office: Office, visit: Any) -> None:
    editor = visit(EDITOR)
    assert editor.post("/directory/units/A/confirm/").status_code == 302
    assert Unit.objects.get(code="A").confirmed_on == TODAY
    assert editor.post(f"/directory/posts/{office.director}/publish/", {"public": "0"}).status_code == 302
    assert "Anna Ash" not in text_of(visit(PUBLIC).get(PLACE))
    assert visit(CLERK).post("/directory/units/A/confirm/").status_code == 403
    contact = services.add_contact(
        unit_id=office.a, kind="FAX", value="123456", on=TODAY.replace(day=1), by=SYSTEM, at=NOW
    )
    assert sent(visit(EDITOR), f"/directory/contacts/{contact.pk}/end/").status_code == 302


def test_vacancies_say_since_when_and_who_acts(office: Office, visit: Any) -> None:
    services.end_holding(holding_id=office.bo_holds, by=SYSTEM, at=NOW)
    services.appoint_acting(person_id=office.anna, post_id=office.deputies, seat=1, by=SYSTEM, at=NOW)
    words = text_of(visit(CLERK).get("/directory/vacancies/"))
    assert "Deputy director Department of Apples 1 2026-03-02 Anna Ash" in words


def test_the_desk_asks_as_much_of_a_long_list_as_of_a_short_one(office: Office, visit: Any) -> None:
    def asked(address: str) -> int:
        clerk = visit(CLERK)
        clerk.get(address)
        with CaptureQueriesContext(connection) as found:
            clerk.get(address)
        return len(found)

    addresses = [*READ, f"/directory/posts/{office.director}/"]
    before = [asked(address) for address in addresses]
    with acting_as(SYSTEM):
        for number in range(30):
            post = services.open_post(unit_id=office.a, title_en=f"Clerk {number}", seats=2, by=SYSTEM, at=NOW)
            services.appoint(person_id=person(f"Aa Person{number}").pk, post_id=post.pk, by=SYSTEM, at=NOW)
            services.appoint(person_id=office.anna, post_id=post.pk, kind="CONCURRENT", by=SYSTEM, at=NOW)
    assert [asked(address) for address in addresses] == before
