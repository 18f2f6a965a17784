"""The public pages. Every answer looks alike and asks the database the same, so that guessing codes teaches nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.web.door import anyone, door
from chancery.kernel.publishing.verification import queries, rules
from chancery.kernel.publishing.verification.forms import CodeForm, FileForm
from chancery.kernel.publishing.verification.terms import TONES, Answer, IssuedState


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("web:home"), _("Home")), (reverse("publishing:verify"), _("Verify a document")), *more]


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Found by no search engine, kept by no cache."""
    context = {"tones": TONES, **context}
    response = render(request, f"publishing/verification/{template}", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store"
    return response


def _facts(answer: Answer) -> list[tuple[str, str] | tuple[str, str, str]]:
    """Body and days of a known paper, and the way to the newer one; none for an unknown one."""
    if not answer.state or answer.issued_on is None:
        return []
    facts: list[tuple[str, str] | tuple[str, str, str]] = [
        (_("Issuing body"), answer.unit),
        (_("Issued on"), answer.issued_on.isoformat()),
    ]
    if answer.changed_on:
        since = _("Withdrawn on") if answer.state == IssuedState.WITHDRAWN else _("Superseded on")
        facts.append((since, answer.changed_on.isoformat()))
    if answer.successor:
        newer = reverse("publishing:verify_code", args=[answer.successor])
        facts.append((_("Newer document"), answer.successor, newer))
    return facts


def _most_mb() -> int:
    return int(rulebook.number("publishing.verify.max_mb", on=clock.today()))


def _most_bytes() -> int:
    """Of the whole form: the file and what a form has around it."""
    return _most_mb() * 1024 * 1024 + 64 * 1024


def _file_form(*args: Any) -> FileForm:
    return FileForm(*args, most_mb=_most_mb())


@door(anyone, methods=("GET",), rate="60/m")
def verify(request: HttpRequest) -> HttpResponse:
    """Where a code is entered by hand, or a file is shown."""
    typed = "code" in request.GET
    form = CodeForm(request.GET if typed else None)
    if typed and form.is_valid():
        return redirect("publishing:verify_code", code=form.cleaned_data["code"])
    context = {"form": form, "file_form": _file_form(), "trail": [*_trail()[:1], ("", _("Verify a document"))]}
    return _page(request, "verify.html", context, status=422 if form.errors else 200)


@door(anyone, methods=("GET",), rate="30/m")
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What is known of a code."""
    shown = rules.grouped(rules.read_code(code)) or code[: rules.LONGEST_TYPED]
    answer = queries.answer_to(code)
    context = {
        "code": shown,
        "answer": answer,
        "facts": _facts(answer),
        "asked_at": clock.now(),
        "file_form": _file_form(),
        "trail": _trail(("", shown)),
    }
    return _page(request, "answer.html", context)


@door(anyone, methods=("POST",), rate="10/m", most=_most_bytes)
def verify_file(request: HttpRequest) -> HttpResponse:
    """What is known of a file."""
    form = _file_form(request.POST, request.FILES)
    if not form.is_valid():
        context = {"form": CodeForm(), "file_form": form, "trail": [*_trail()[:1], ("", _("Verify a document"))]}
        return _page(request, "verify.html", context, status=422)
    found = queries.answer_to_file(form.cleaned_data["file"], clock.now())
    context = {
        "found": found,
        "answers": [(answer, _facts(answer)) for answer in found.answers],
        "asked_at": clock.now(),
        "file_form": _file_form(),
        "trail": _trail(("", _("File"))),
    }
    return _page(request, "file.html", context)
