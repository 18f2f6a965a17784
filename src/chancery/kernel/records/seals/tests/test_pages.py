"""The pages of the register of seals."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.seals import queries, rules
from chancery.kernel.records.seals.models import Seal
from chancery.kernel.records.seals.tests.office import affix, paper, register

NEW = "/records/seals/new/"


def _given(cast: Any, **changes: Any) -> dict[str, Any]:
    given = {
        "code": "GO-9",
        "kind": "OFFICIAL",
        "name_en": "Seal of the General Office",
        "name_zh": "办公厅印章",
        "legal_name": "中国科学技术协会办公厅",
        "unit": cast.units["GO"],
        "keeper": cast.archivist.post_id,
        "diameter_mm": "42",
        "valid_from": "",
        "valid_to": "",
        "key_store": "LOCAL",
    }
    return {**given, **changes}


def test_the_registrar_registers_a_seal_on_the_page(cast: Any, client_as: Any) -> None:
    client = client_as(cast.registrar)
    assert "Without one the house draws" in client.get(NEW).content.decode()
    answer = client.post(NEW, _given(cast), follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "The seal GO-9 is registered." in page
    assert "Impression of the seal: 中国科学技术协会办公厅" in page
    assert "Local authority" in page


def test_an_uploaded_impression_is_taken(cast: Any, client_as: Any) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>'
    client = client_as(cast.registrar)
    answer = client.post(NEW, _given(cast, impression=SimpleUploadedFile("a.svg", svg)))
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"code": "go 9"}, "capital letters, digits and dashes"),
        ({"diameter_mm": "51", "kind": "SOCIETY"}, "mm across"),
        ({"legal_name": ""}, "This field is required"),
        ({"impression": b"GIF89a"}, "cannot be read as PNG or SVG"),
        ({"valid_from": "2026-12-01", "valid_to": "2026-11-30"}, "The end must come after the start"),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_the_typed_text_stays(
    cast: Any, client_as: Any, changes: dict[str, Any], says: str
) -> None:
    if isinstance(picture := changes.get("impression"), bytes):
        changes = {"impression": SimpleUploadedFile("a.png", picture)}
    answer = client_as(cast.registrar).post(NEW, _given(cast, **changes))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert "办公厅印章" in page
    with acting_as(SYSTEM):
        assert not Seal.objects.exists()


def test_another_units_seal_is_refused_with_the_rule(cast: Any, client_as: Any) -> None:
    answer = client_as(cast.registrar).post(NEW, _given(cast, unit=cast.units["PF"]))
    assert (answer.status_code, "head or registrar" in answer.content.decode()) == (422, True)


def test_the_keeper_sees_the_seal_and_its_log_but_not_the_buttons(cast: Any, client_as: Any, seal: Any) -> None:
    affix(cast, seal, paper(), subject_text="科协办发〔2026〕8号", copies=3)
    page = client_as(cast.archivist).get(f"/records/seals/{seal.pk}/").content.decode()
    assert "科协办发〔2026〕8号" in page
    assert "Seal affixed" in page
    assert "Change the keeper" not in page
    registrar = client_as(cast.registrar).get(f"/records/seals/{seal.pk}/").content.decode()
    assert "Change the keeper" in registrar


def test_for_who_has_no_part_in_it_the_seal_is_not_there(cast: Any, client_as: Any, seal: Any) -> None:
    client = client_as(cast.outsider)
    assert "GO-1" not in client.get("/records/seals/").content.decode()
    for tail in ("", "uses/"):
        assert client.get(f"/records/seals/{seal.pk}/{tail}").status_code == 404
    for tail in ("keeper/", "retire/", "seal-up/", "renew/"):
        assert client.get(f"/records/seals/{seal.pk}/{tail}").status_code == 403
        assert client_as(cast.two_hats_enterprise).get(f"/records/seals/{seal.pk}/{tail}").status_code == 404


def test_the_register_and_the_log_export_what_they_show(cast: Any, client_as: Any, seal: Any) -> None:
    done = affix(cast, seal, paper(), subject_text="8号", witness_person_id=cast.registrar.person_id)
    client = client_as(cast.registrar)

    def rows(address: str) -> list[list[str]]:
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))

    register_rows = rows("/records/seals/?export=csv")
    assert register_rows[0][:4] == ["Code", "Name", "Body", "Keeper"]
    assert register_rows[1][0] == "GO-1"
    log = rows(f"/records/seals/{seal.pk}/uses/?export=csv")
    assert done.sha256 in log[1]
    assert "Lin Shu" in log[1]


def test_the_refused_attempt_shows_on_the_seals_page(cast: Any, client_as: Any, seal: Any) -> None:
    with pytest.raises(rules.TextChanged):
        affix(cast, seal, paper(), approved_hash="0" * 64)
    page = client_as(cast.registrar).get(f"/records/seals/{seal.pk}/").content.decode()
    assert "Seal refused" in page
    assert "changed after it was approved" in page


def test_the_keeper_is_changed_and_the_seal_retired_and_sealed_up_on_the_pages(
    cast: Any, client_as: Any, seal: Any
) -> None:
    client = client_as(cast.registrar)
    base = f"/records/seals/{seal.pk}/"
    unsaid = client.post(base + "keeper/", {"keeper": cast.chaser.post_id, "reason": " "})
    assert (unsaid.status_code, "This field is required" in unsaid.content.decode()) == (422, True)
    answer = client.post(base + "keeper/", {"keeper": cast.chaser.post_id, "reason": "new duties"}, follow=True)
    assert "The seal has a new keeper." in answer.content.decode()
    refused = client.post(base + "retire/", {"on": "2027-01-01", "reason": "worn"})
    assert (refused.status_code, "not in the future" in refused.content.decode()) == (422, True)
    for tail, given, says in (
        ("renew/", {"key_store": "LOCAL"}, "The seal has a new certificate."),
        ("retire/", {"on": "", "reason": "worn"}, "The seal is retired."),
        ("seal-up/", {"on": "", "reason": "renamed"}, "The seal is sealed up."),
    ):
        assert says in client.post(base + tail, given, follow=True).content.decode()
    page = client.get(base).content.decode()
    assert "renamed" in page
    assert "Seal it up" not in page


def test_the_pages_speak_chinese(cast: Any, client_as: Any, seal: Any) -> None:
    affix(cast, seal, paper())
    client = client_as(cast.registrar)
    client.cookies["chancery_language"] = "zh-hans"
    with translation.override("zh-hans"):
        pages = [client.get(path).content.decode() for path in ("/records/seals/", f"/records/seals/{seal.pk}/", NEW)]
    assert "印章" in pages[0]
    assert "用印登记" in pages[1]
    assert "保管岗位" in pages[2]


def test_the_register_costs_as_many_queries_with_thirty_seals_as_with_one(cast: Any, client_as: Any) -> None:
    client = client_as(cast.registrar)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/records/seals/").status_code == 200
        return len(seen)

    register(cast)
    asked()
    with_one = asked()
    for number in range(2, 31):
        register(cast, code=f"GO-{number}")
    assert asked() == with_one
    with acting_as(cast.registrar):
        assert queries.seal_rows().count() == 30
