"""The directory for other programs: each file is valid, and says what the page says, on any day."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import rdflib
import vobject
from openpyxl import load_workbook
from rdflib.namespace import FOAF, ORG, RDF, SKOS

from chancery.foundations.actor import PUBLIC
from chancery.kernel.directory.interchange.terms import MEDIA
from chancery.kernel.directory.tests.conftest import CLERK
from chancery.kernel.directory.vcard.rules import fold

PLACE = "/about-us/administrative-departments/"


@pytest.fixture
def public(seeded: None, visit: Any) -> Any:
    return visit(PUBLIC)


def graph(public: Any, day: str = "") -> rdflib.Graph:
    answer = public.get(f"{PLACE}directory.org.jsonld", {"on": day} if day else {})
    assert answer.headers["Content-Type"] == MEDIA["org.jsonld"]
    return rdflib.Graph().parse(data=answer.content.decode(), format="json-ld")


def labelled(g: rdflib.Graph, text: str) -> rdflib.term.Node:
    (node,) = set(g.subjects(SKOS.prefLabel, rdflib.Literal(text, lang="en"))) & set(g.subjects(ORG.identifier, None))
    return node


def test_a_vacant_post_is_a_post_that_nobody_holds(public: Any) -> None:
    g = graph(public)
    unheld = [post for post in g.subjects(RDF.type, ORG.Post) if (post, ORG.heldBy, None) not in g]
    assert [g.value(post, ORG.postIn) for post in unheld] == [labelled(g, "Department of Research and Publicity")]


def test_whoever_heads_two_bodies_has_two_memberships_and_heads_both(public: Any) -> None:
    g = graph(public)
    (song,) = g.subjects(FOAF.name, rdflib.Literal("Song Jun", lang="en"))
    two = {
        labelled(g, "Department of Academic and Societies Affairs"),
        labelled(g, "Office for Cooperation with Enterprises"),
    }
    assert {g.value(each, ORG.organization) for each in g.subjects(ORG.member, song)} == two
    assert len(list(g.subjects(ORG.member, song))) == 2
    assert set(g.objects(song, ORG.headOf)) == two
    assert len(set(g.objects(song, ORG.holds))) == 2


def test_the_tree_and_the_leading_unit_are_in_the_ontology(public: Any) -> None:
    g = graph(public)
    office = labelled(g, "Office for Cooperation with Enterprises")
    assert g.value(office, ORG.linkedTo) == labelled(g, "Department of Academic and Societies Affairs")
    assert len(list(g.objects(labelled(g, "CAST Headquarters"), ORG.hasUnit))) == 8
    assert len(list(g.objects(labelled(g, "Department of International Affairs"), ORG.hasUnit))) == 5
    assert {str(label) for label in g.objects(labelled(g, "General Office"), SKOS.prefLabel)} == {
        "General Office",
        "办公厅",
    }


def test_every_name_used_in_the_graph_is_one_of_the_ontology(public: Any) -> None:
    known = {str(name).rpartition("#")[2] for name in dir(ORG)}
    used = {
        str(name).rpartition("#")[2] for triple in graph(public) for name in triple if str(name).startswith(str(ORG))
    }
    assert used <= known


def test_a_day_before_the_directory_began_is_an_empty_graph(public: Any) -> None:
    assert len(graph(public, "2006-12-31")) == 0


def test_schema_org_nests_the_departments(public: Any) -> None:
    answer = public.get(f"{PLACE}directory.schema.jsonld")
    document = json.loads(answer.content)
    assert document["@type"] == "GovernmentOrganization"
    assert document["address"]["postalCode"] == ["100863"]
    assert document["email"] == ["cast-liasion@cast.org.cn"]
    assert len(document["department"]) == 8
    publicity = document["department"][3]
    assert [role["roleName"] for role in publicity["employee"]] == ["Deputy director general"] * 2
    assert len(document["department"][7]["department"]) == 5


def test_the_cards_are_vcard_4_with_short_lines(public: Any) -> None:
    answer = public.get(f"{PLACE}directory.vcf")
    text = answer.content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    cards = list(vobject.readComponents(text))
    assert all(card.version.value == "4.0" for card in cards)
    kinds = [card.kind.value for card in cards]
    assert (kinds.count("org"), kinds.count("individual")) == (14, 23)
    song = next(card for card in cards if card.fn.value == "Song Jun")
    assert [title.value for title in song.contents["title"]] == ["Director general", "Director"]
    assert (song.n.value.family, song.n.value.given) == ("Song", "Jun")
    office = next(card for card in cards if card.fn.value == "Office for Cooperation with Enterprises")
    assert [each.value for each in office.contents["tel"]] == ["86-10-68578086", "68515739"]


def test_a_unit_has_its_own_cards(public: Any) -> None:
    cards = list(vobject.readComponents(public.get(f"{PLACE}GO.vcf").content.decode()))
    assert [card.fn.value for card in cards] == ["General Office", "Ren Fujun", "Gu Bin", "Zhang Xiaomei", "Meng Bo"]
    assert public.get(f"{PLACE}NONE.vcf").status_code == 404


def test_folding_never_cuts_a_character() -> None:
    text = "NOTE:" + "科学技术普及" * 40
    folded = fold(text)
    assert folded.replace("\r\n ", "") == text
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))


def test_the_sheet_has_a_row_for_every_seat_the_vacant_one_too(public: Any) -> None:
    answer = public.get(f"{PLACE}directory.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["person_name_en"] for row in rows if row["unit"] == "SP"] == [
        "Yang Wenzhi",
        "Liu Yadong",
        "Qian Yan",
        "Liu Yang",
    ]
    (vacant,) = [row for row in rows if row["state"] == "VACANT"]
    assert (vacant["unit"], vacant["title_en"], vacant["person"]) == ("RP", "Director general", "")
    assert next(row for row in rows if row["unit"] == "AS")["telephones"] == "86-10-68578086 / 68515739"
    assert [row["under"] for row in rows if row["kind"] == "DIVISION"] == ["IA"] * 5
    book = load_workbook(io.BytesIO(public.get(f"{PLACE}directory.xlsx").content))
    assert book.active.max_row == len(rows) + 1


def test_each_form_is_announced_with_its_media_type_and_comes_as_that(public: Any) -> None:
    for query in ("", "?on=2010-05-01"):
        page = public.get(PLACE + query).content.decode()
        for form, media in MEDIA.items():
            address = f"{PLACE}directory.{form}{query}"
            assert (
                f'<link rel="alternate" type="{media.replace("; charset=utf-8", "")}"'.replace('="http', "=&quot;http")
                .replace('org#""', 'org#&quot;"')
                .replace('org/""', 'org/&quot;"')
                in page
            )
            assert f'href="{address}"' in page
            answer = public.get(address)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, media)


@pytest.mark.parametrize("form", [*MEDIA, "picture"])
def test_a_cache_is_told_what_it_needs(public: Any, form: str) -> None:
    address = f"{PLACE}organogram.svg" if form == "picture" else f"{PLACE}directory.{form}"
    first = public.get(address)
    assert "max-age=300" in first.headers["Cache-Control"]
    again = public.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other_day = public.get(f"{address}?on=2010-01-01", headers={"If-None-Match": first.headers["ETag"]})
    assert other_day.status_code == 200


def test_a_day_that_is_none_is_not_found(public: Any) -> None:
    assert public.get(f"{PLACE}directory.csv?on=2020-02-31").status_code == 404
    assert public.get(f"{PLACE}directory.exe/").status_code == 404


def test_staff_get_the_same_public_files(public: Any, visit: Any) -> None:
    mine = visit(CLERK).get(f"{PLACE}directory.csv").content
    assert mine == visit(PUBLIC).get(f"{PLACE}directory.csv").content
