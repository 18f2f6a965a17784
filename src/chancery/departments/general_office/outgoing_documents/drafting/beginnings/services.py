"""Verbs of templates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries
from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
from chancery.departments.general_office.outgoing_documents.drafting.beginnings import queries as shipped
from chancery.departments.general_office.outgoing_documents.drafting.beginnings import rules
from chancery.departments.general_office.outgoing_documents.drafting.models import DraftTemplate
from chancery.departments.general_office.outgoing_documents.drafting.services import NotThere
from chancery.foundations import manuscript
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.kernel.records import services as records


@service
def keep_template(
    *, template_id: int | None = None, facts: Mapping[str, Any], by: Actor, at: dt.datetime
) -> DraftTemplate:
    """Keep a template, new or changed. For everyone: the General Office's head; for a unit: whoever acts in it."""
    unit_id = facts.get("unit_id")
    rules.may_keep(by, unit_id, queries.office_id()).demand()
    body = manuscript.check(facts.get("body") or manuscript.EMPTY)
    texts = {name: str(facts.get(name) or "") for name in ("name_en", "name_zh", "title", "note")}
    records.demand_unmarked(texts={**texts, "body": manuscript.plain(body)}, where="outgoing", by=by, at=at)
    kept = _template(template_id) if template_id else DraftTemplate(code="")
    if template_id:
        rules.may_keep(by, kept.unit_id, queries.office_id()).demand()
    for name in ("profile", "paper_type", "name_en", "name_zh", "language", "direction", "title", "note", "unit_id"):
        setattr(kept, name, facts.get(name) if name == "unit_id" else str(facts.get(name) or "").strip())
    kept.name_zh = kept.name_zh or kept.name_en
    kept.name_en = kept.name_en or kept.name_zh
    kept.body, kept.kept_at, kept.kept_person_id = body, at, by.person_id
    kept.save()
    journal.write(by=by, at=at, act="outgoing.template_kept", on=kept, data={"name": kept.name_en})
    return kept


@service
def end_template(*, template_id: int, by: Actor, at: dt.datetime) -> None:
    """Take a template out of use; what was begun from it stays."""
    kept = _template(template_id)
    rules.may_keep(by, kept.unit_id, queries.office_id()).demand()
    kept.ended_at = at
    kept.save(update_fields=["ended_at"])
    journal.write(by=by, at=at, act="outgoing.template_ended", on=kept, data={"name": kept.name_en})


def _template(template_id: int) -> DraftTemplate:
    found = drafting.template(template_id)
    if found is None:
        raise NotThere(_("There is no such template."))
    return found


@service
def load_templates(*, by: Actor, at: dt.datetime) -> int:
    """Put in the shipped templates that the site lacks; one it changed or ended is left alone. Returns how many."""
    known = set(DraftTemplate.objects.exclude(code="").values_list("profile", "code"))
    fresh = [one for one in shipped.shipped() if (one["profile"], one["code"]) not in known]
    DraftTemplate.objects.bulk_create(DraftTemplate(**one, kept_at=at) for one in fresh)
    if fresh:
        journal.write(
            by=by,
            at=at,
            act="outgoing.template_kept",
            on="general_office.DraftTemplate:shipped",
            data={"codes": [one["code"] for one in fresh]},
        )
    return len(fresh)
