"""The list of procedures, one procedure with its statistics, the drawing for the viewer."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from chancery.foundations import clock
from chancery.foundations.card import all_roles
from chancery.foundations.web.door import door
from chancery.foundations.words import words
from chancery.kernel.procedures.bindings import all_bindings
from chancery.kernel.procedures.definitions import queries
from chancery.kernel.procedures.definitions.models import Definition
from chancery.kernel.procedures.engine.diagram import BPMN, split_names


@door(methods=("GET",))
def procedures(request: HttpRequest) -> HttpResponse:
    """Every procedure in force."""
    installed = {of.code for of in all_bindings()}
    running = queries.running()
    rows = [
        {**row, "running": running.get(row["code"], (0, 0))[0], "overdue": running.get(row["code"], (0, 0))[1]}
        for row in queries.listed()
        if row["code"] in installed
    ]
    return render(request, "procedures/procedures.html", {"rows": rows})


@door(methods=("GET",))
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure: its drawing, its steps and how long each takes."""
    row = Definition.objects.filter(code=code, is_current=True).defer("source").first()
    if row is None:
        raise Http404
    roles = all_roles()
    figures = queries.days_by_step(code, since=clock.today() - queries.A_YEAR)
    steps: list[dict[str, Any]] = []
    for step in row.steps:
        role = roles.get(step["role"])
        steps.append(
            {
                **step,
                "title": words(step),
                "role_words": words(role) if role else step["role"],
                **figures.get(step["id"], queries.NO_FIGURES),
            }
        )
    measured = [step for step in steps if step["n"]]
    chart = {
        "kind": "hbar",
        "labels": [step["title"] for step in measured],
        "series": [
            {"name": _("median"), "values": [step["median"] for step in measured]},
            {"name": _("longest"), "values": [step["longest"] for step in measured]},
        ],
        "unit": _("days"),
    }
    return render(
        request,
        "procedures/procedure.html",
        {
            "definition": row,
            "steps": steps,
            "chart": chart if measured else None,
            "diagram_address": reverse("procedures:bpmn", args=[code, row.hash[:16]]),
            "versions": Definition.objects.filter(code=code)
            .order_by("-loaded_at")
            .values("hash", "loaded_at", "is_current"),
            "trail": [(reverse("procedures:procedures"), gettext_lazy("Procedures")), ("", words(row))],
        },
    )


@door(methods=("GET",))
def bpmn(request: HttpRequest, code: str, digest: str) -> HttpResponse:
    """A version's drawing with the names in the reader's language. It never changes, so browsers may keep it."""
    source = Definition.objects.filter(code=code, hash__startswith=digest).values_list("source", flat=True).first()
    if source is None or len(digest) < 16:
        raise Http404
    response = HttpResponse(_in_one_language(source), content_type="application/xml")
    response["Cache-Control"] = "private, max-age=86400"
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:16]}"'
    return response


def _in_one_language(source: str) -> bytes:
    root = etree.fromstring(source.encode(), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    roles = all_roles()
    for element in root.iter(f"{{{BPMN}}}*"):
        name = element.get("name")
        if not name:
            continue
        if etree.QName(element).localname == "lane":
            role = roles.get(name)
            element.set("name", words(role) if role else name)
            continue
        english, chinese = split_names(name)
        element.set("name", words({"name_en": english, "name_zh": chinese}))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
