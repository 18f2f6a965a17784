"""Questions about one matter. Row security limits every answer to what the stamped actor may see."""

from __future__ import annotations

import json
from typing import Any

from chancery.foundations.postgres import statements
from chancery.kernel.procedures.definitions.queries import binding_of, plan_of
from chancery.kernel.procedures.engine.plan import Plan
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.matters.terms import OpinionKind
from chancery.kernel.procedures.moving.queries import NotThere

_TASKS = """
select t.id, t.key, t.step, t.role, t.unit_id, t.post_id, t.asked_post_id, t.item, t.state, t.to_read, t.asked_at,
    t.read_at, t.claimed_at, t.done_at, t.due_on, t.is_provisional, t.is_late, t.outcome, t.version, t.doer_person_id,
    t.doer_post_id,
    t.deputising_for_id, t.opened_by_task_id,
    u.name_en as unit_en, u.name_zh as unit_zh, p.title_en as post_en, p.title_zh as post_zh,
    pu.name_en as post_unit_en, pu.name_zh as post_unit_zh,
    d.name_en as person_en, d.name_zh as person_zh, dp.title_en as doer_post_en, dp.title_zh as doer_post_zh,
    b.name_en as body_en, b.name_zh as body_zh, x.title_en as absent_en, x.title_zh as absent_zh,
    case when t.done_at is null then coalesce(
        (select jsonb_agg(jsonb_build_object('post_id', a.post_id, 'en', q.name_en, 'zh', q.name_zh,
                                             'post_en', ap.title_en,
                                             'post_zh', ap.title_zh))
         from (select t.post_id where t.post_id is not null
               union all
               select f from access_answering_posts(t.role, t.unit_id, t.procedure) f
               where t.post_id is null) a (post_id)
         join directory_post ap on ap.id = a.post_id
         left join directory_holding h on h.post_id = a.post_id and h.during @> (select chancery_today())
         left join directory_person q on q.id = h.person_id), '[]') end as holders
from procedures_task t
left join directory_unit u on u.id = t.unit_id
left join directory_post p on p.id = t.post_id
left join directory_unit pu on pu.id = p.unit_id
left join directory_person d on d.id = t.doer_person_id
left join directory_post dp on dp.id = t.doer_post_id
left join directory_unit b on b.id = t.doer_body_id
left join directory_post x on x.id = t.deputising_for_id
where t.matter_id = %s::bigint {more} order by t.id
"""


def matter(matter_id: int) -> Matter:
    """A matter the actor may see, with its declared data on `.data`. Raises `NotThere`."""
    found = Matter.objects.select_related("unit", "standing", "definition").filter(pk=matter_id).first()
    if found is None:
        raise NotThere(matter_id)
    found.data = json.loads(found.standing.body)["l"]  # type: ignore[attr-defined]  # an extra for bindings, not a column
    return found


def matter_of(subject: str) -> Matter | None:
    """The latest matter about a subject "label.model:pk"."""
    return Matter.objects.filter(subject=subject).order_by("-id").first()


def plan_for(of: Matter) -> Plan:
    """The drawing a matter runs on."""
    return plan_of(of.procedure, of.definition.hash, of.definition_id)


def tasks(matter_id: int) -> list[dict[str, Any]]:
    """Every task of a matter in the order of asking, with names of who is asked, holds, did it."""
    return _rows(_TASKS.format(more=""), [matter_id])


def open_tasks(matter_id: int) -> list[dict[str, Any]]:
    """The tasks that wait; `holders` are the people who can take each (empty: nobody answers for it)."""
    return _rows(_TASKS.format(more="and t.done_at is null"), [matter_id])


def circulation(matter_id: int) -> list[dict[str, Any]]:
    """Who was asked to read, who has read and when."""
    rows = _rows(_TASKS.format(more="and t.to_read and t.state <> 'CANCELLED'"), [matter_id])
    for row in rows:
        row["person_id"] = row["doer_person_id"]
    return rows


def opinions(matter_id: int) -> list[dict[str, Any]]:
    """Everything said, in order of saying, with step, outcome and writer in both languages."""
    rows = _rows(
        """
        select o.id, o.task_id, o.kind, o.step, o.outcome, o.text, o.given_at, o.person_id, o.post_id,
            o.body_id as unit_id,
            p.name_en as person_en, p.name_zh as person_zh, t.title_en as post_en, t.title_zh as post_zh,
            u.name_en as unit_en, u.name_zh as unit_zh, x.title_en as absent_en, x.title_zh as absent_zh,
            o.deputising_for_id, m.procedure, d.steps
        from procedures_opinion o
        join procedures_matter m on m.id = o.matter_id
        join procedures_definition d on d.id = m.definition_id
        left join directory_person p on p.id = o.person_id
        left join directory_post t on t.id = o.post_id
        left join directory_unit u on u.id = o.body_id
        left join directory_post x on x.id = o.deputising_for_id
        where o.matter_id = %s::bigint order by o.given_at, o.id
        """,
        [matter_id],
    )
    for row in rows:
        steps = {step["id"]: step for step in row.pop("steps")}
        named = steps.get(row["step"], {})
        row["step_en"], row["step_zh"] = named.get("name_en", ""), named.get("name_zh", "")
        step = binding_of(row.pop("procedure")).steps.get(row["step"])
        row["outcome_en"], row["outcome_zh"] = step.outcomes.get(row["outcome"], ("", "")) if step else ("", "")
        row["kind_words"] = OpinionKind(row["kind"]).label
    return rows


def _rows(sql: str, parameters: list[Any]) -> list[dict[str, Any]]:
    rows = statements.mappings(sql, parameters)
    for row in rows:
        for key in ("holders", "steps"):
            if isinstance(row.get(key), str):
                row[key] = json.loads(row[key])
    return rows
