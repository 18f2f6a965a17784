"""Nothing that carries a state-secret marking comes in, by whichever address, form, body, file or service.

Generated over all of them, so that what is written tomorrow is asked too.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import json
import pkgutil
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch
from tests.access.addresses import every_address
from tests.access.walking import FOREIGN_ARGUMENTS, paths

import chancery
from chancery.demo.cast import Cast
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal.models import Entry
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.kernel.records.markings import services as markings
from chancery.kernel.records.markings.rules import level_in, marking_in
from chancery.kernel.records.rules import SecretMarking

MARKED = "机密★20年"
PROSE = "认真学习《中华人民共和国保守国家秘密法》，做好保密工作；涉及国家秘密和商业秘密的，按规定办理。"
ENTERING = ("office_head", "registrar", "administrator", "drafter")


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would be written down, kept here: the real trace has a connection of its own (see below)."""
    left: list[dict[str, Any]] = []
    monkeypatch.setattr(markings, "_leave_trace", lambda **said: left.append(said))
    return left


def _stored() -> list[str]:
    """The columns of any table in which the marking stands now."""
    with acting_as(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns join information_schema.tables"
            " using (table_schema, table_name) where table_schema = 'public' and table_type = 'BASE TABLE'"
            " and data_type in ('text', 'character varying', 'jsonb')"
        )
        columns = cursor.fetchall()
        found = []
        for table, column in columns:
            cursor.execute("select has_column_privilege('chancery_web', %s, %s, 'select')", [f'"{table}"', column])
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(f'select 1 from "{table}" where "{column}"::text like %s limit 1', [f"%{MARKED}%"])
            if cursor.fetchone():
                found.append(f"{table}.{column}")
    return found


def test_every_address_refuses_a_marked_post_and_stores_nothing(
    world: Any,
    clients: dict[str, Client],
    samples: dict[str, list[Any]],
    traces: list[dict[str, Any]],
) -> None:
    let_through, asked = [], 0
    for address in every_address():
        if FOREIGN_ARGUMENTS & set(address.arguments):
            continue
        try:
            path = next(iter(paths(address, samples)))
        except (StopIteration, NoReverseMatch):
            continue
        for key in ENTERING:
            answer = clients[key].post(path, {"anything": MARKED})
            asked += 1
            if answer.status_code < 400:
                let_through.append(f"{address.name} as {key}: {answer.status_code}")
    assert asked > 400
    assert let_through == []
    assert _stored() == []
    assert traces
    assert not any(MARKED in str(trace) for trace in traces)


def _operations() -> Iterator[str]:
    schema = importlib.import_module("chancery.config.api").api.get_openapi_schema()
    for path, methods in schema["paths"].items():
        for method in methods:
            if method in {"post", "put", "patch", "delete"}:
                yield f"{method} {path}"


@pytest.mark.parametrize("key", ENTERING)
def test_every_operation_of_the_api_refuses_a_marked_body(
    world: Any,
    clients: dict[str, Client],
    traces: list[dict[str, Any]],
    key: str,
) -> None:
    found = list(_operations())
    assert found
    for operation in found:
        method, path = operation.split(" ", 1)
        path = re.sub(r"\{[^}]+\}", "1", path)
        body = json.dumps({"title": MARKED, "nested": [{"deep": MARKED}]})
        answer = clients[key].generic(method.upper(), path, body, content_type="application/json")
        assert answer.status_code >= 400, operation
        assert MARKED not in answer.content.decode("utf-8", "ignore"), operation
    assert _stored() == []


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_sent_to_the_api_is_refused_and_breaks_nothing(
    world: Any, clients: dict[str, Client], content_type: str
) -> None:
    for operation in _operations():
        method, path = operation.split(" ", 1)
        path = re.sub(r"\{[^}]+\}", "1", path)
        answer = clients["registrar"].generic(method.upper(), path, "note=x", content_type=content_type)
        assert 400 <= answer.status_code < 500, operation


def _forms() -> list[type[forms.BaseForm]]:
    """Every form of the house."""
    for module in pkgutil.walk_packages(chancery.__path__, "chancery."):
        if module.name.rsplit(".", 1)[-1] in {"forms", "views"} and ".tests" not in module.name:
            importlib.import_module(module.name)
    found: list[type[forms.BaseForm]] = []
    waiting: list[type[Any]] = [forms.BaseForm]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            if one.__module__.startswith("chancery.") and one not in found:
                found.append(one)
    return found


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["code", MARKED])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _docx() -> bytes:
    from docx import Document

    paper = Document()
    paper.add_paragraph("first")
    paper.add_paragraph(MARKED)
    held = io.BytesIO()
    paper.save(held)
    return held.getvalue()


def _package() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("bag/data/paper.txt", MARKED)
    return held.getvalue()


MAIL = f"From: a@example.org\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{MARKED}\r\n".encode()
FILES = {
    "note.txt": MARKED.encode(),
    "table.csv": f"code,name\r\n1,{MARKED}\r\n".encode("gb18030"),
    "table.xlsx": _xlsx(),
    "paper.docx": _docx(),
    "package.zip": _package(),
    "letter.eml": MAIL,
    f"{MARKED}.pdf": b"%PDF-1.4",
}


def test_every_field_of_every_form_refuses_marked_text_and_files() -> None:
    found = _forms()
    assert len(found) > 40
    silent = []
    asked = 0
    for form in found:
        for name, field in {**getattr(form, "base_fields", {}), **getattr(form, "declared_fields", {})}.items():
            values: list[Any] = [MARKED]
            if isinstance(field, forms.FileField):
                values = [SimpleUploadedFile(title, content) for title, content in FILES.items()]
            elif isinstance(field, forms.ChoiceField | forms.DateField | forms.IntegerField | forms.BooleanField):
                continue  # no text gets past these
            for value in values:
                asked += 1
                try:
                    field.run_validators(value)
                except ValidationError as refused:
                    if any(one.code == "secret_marking" for one in refused.error_list):
                        continue
                silent.append(f"{form.__module__}.{form.__name__}.{name}: {getattr(value, 'name', 'text')}")
    assert silent == []
    assert asked > 100


@pytest.mark.parametrize("name", [name for name in FILES if MARKED not in name])
def test_a_marked_file_is_refused_at_its_field_and_can_be_sent_again(name: str) -> None:
    class OneFile(forms.Form):
        file = forms.FileField()

    upload = SimpleUploadedFile(name, FILES[name])
    form = OneFile({}, {"file": upload})
    assert form.errors.as_data()["file"][0].code == "secret_marking"
    assert upload.tell() == 0


def test_prose_about_secrets_passes_everywhere(cast: Cast, traces: list[dict[str, Any]]) -> None:
    class OneText(forms.Form):
        text = forms.CharField()

    assert OneText({"text": PROSE}).is_valid()
    assert level_in({"a": [{"b": PROSE}]}) is None
    keep(texts=[PROSE], by=cast.drafter, at=clock.now())
    assert traces == []


@service
def keep(*, texts: Any, by: Actor, at: dt.datetime) -> Any:
    """A service that somebody wrote without thinking of markings."""
    return texts


@pytest.mark.parametrize(
    "texts",
    [
        MARKED,
        [{"rows": ({"name": MARKED},)}],
        {"type": "doc", "content": [{"type": "text", "text": "机密"}, {"type": "text", "text": "★20年"}]},
        json.dumps({"body": [MARKED]}),
        MARKED.encode(),
    ],
)
def test_a_service_that_does_not_think_of_it_refuses_too(cast: Cast, traces: list[dict[str, Any]], texts: Any) -> None:
    with pytest.raises(SecretMarking):
        keep(texts=texts, by=cast.drafter, at=clock.now())
    assert [trace["where"] for trace in traces] == ["service"]


@pytest.mark.django_db(transaction=True)
def test_the_refusal_leaves_one_trace_without_the_text(cast: Cast, client_as: Any) -> None:
    from django.urls import reverse

    before = _traces()
    page = client_as(cast.drafter).post(
        reverse("general_office:breach_new"), {"what": "OTHER", "account": MARKED, "found_at": "2026-01-05T09:00"}
    )
    assert page.status_code == 422
    assert page.context["form"].errors.as_data()["account"][0].code == "secret_marking"
    assert MARKED in page.content.decode()  # what was typed stays on the page, and only there
    after = _traces()[len(before) :]
    assert len(after) == 1
    assert after[0]["level"] == "SECRET"
    assert MARKED not in str(after)
    assert marking_in(str(after)) is None
    assert _stored() == []


def _traces() -> list[dict[str, Any]]:
    with acting_as(SYSTEM), transaction.atomic():
        return list(Entry.objects.filter(act="secret_marking.refused").order_by("id").values_list("data", flat=True))
