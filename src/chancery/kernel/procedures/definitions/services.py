"""Loading drawings, and moving running matters to a newer version."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures.bindings import ProcedureBinding, all_bindings
from chancery.kernel.procedures.definitions import queries
from chancery.kernel.procedures.definitions.models import Definition
from chancery.kernel.procedures.engine.machine import Machine
from chancery.kernel.procedures.engine.plan import Plan
from chancery.kernel.procedures.matters.models import Matter, Standing
from chancery.kernel.procedures.matters.terms import MatterState


@dataclass(frozen=True, slots=True)
class Migration:
    """What moving one matter to another version would do, or why it cannot."""

    matter_id: int
    number: str
    can: bool
    why: str = ""


@service
def load_definitions(*, by: Actor, at: dt.datetime) -> list[str]:
    """Take in every installed drawing that changed; the codes of those that did. Raises `BrokenDiagram`."""
    changed = []
    # Two processes may start at once: the second finds what the first has taken in.
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('procedures.definitions'))")
    for of in all_bindings():
        plan = queries.fresh_plan(of)
        if _load(of, plan, by=by, at=at):
            changed.append(of.code)
    return changed


def in_force(code: str, *, at: dt.datetime) -> tuple[int, str]:
    """(id, hash) of the version in force; drawings never loaded yet are taken in first."""
    found = queries.current(code)
    if found is None:
        queries.binding_of(code)
        load_definitions(by=SYSTEM, at=at)
        found = queries.current(code)
    if found is None:
        raise queries.NoSuchProcedure(_("The procedure “%(code)s” has not been loaded.") % {"code": code})
    return found


def _load(of: ProcedureBinding, plan: Plan, *, by: Actor, at: dt.datetime) -> bool:
    known = Definition.objects.filter(code=of.code, hash=plan.hash).first()
    if known is not None and known.is_current:
        return False
    Definition.objects.filter(code=of.code, is_current=True).update(is_current=False)
    if known is not None:
        Definition.objects.filter(pk=known.pk).update(is_current=True)
        definition = known
    else:
        steps = [
            {
                "id": ident,
                "role": plan.node(ident).role,
                "name_en": plan.node(ident).name_en,
                "name_zh": plan.node(ident).name_zh,
                "many": plan.node(ident).many,
            }
            for ident in plan.order
        ]
        definition = Definition.objects.create(
            code=of.code,
            hash=plan.hash,
            name_en=of.name_en,
            name_zh=of.name_zh,
            source=plan.diagram.source.decode(),
            steps=steps,
            loaded_at=at,
        )
    journal.write(by=by, at=at, act="definition.loaded", on=definition, data={"code": of.code, "hash": plan.hash})
    return True


@service
def migrate_matters(*, code: str, dry_run: bool = True, by: Actor, at: dt.datetime) -> list[Migration]:
    """Move every running matter of a procedure to its current version, or (`dry_run`) say which could move.

    A matter can move when everything in its stored position (steps done and waiting, gateways, timers) exists in the
    new drawing, and every waiting step is still answered by the same role and done by as many.
    """
    if not by.is_system:
        raise Refused(_("Only the administration moves matters between versions."))
    of = queries.binding_of(code)
    definition_id, current_hash = in_force(code, at=at)
    new = queries.plan_of(code, current_hash, definition_id)
    results = []
    running = (
        Standing.objects.select_for_update(of=("matter",))
        .filter(matter__procedure=code)
        .exclude(matter__state=MatterState.CLOSED)
        .exclude(matter__definition_id=definition_id)
        .select_related("matter__definition")
        .order_by("matter_id")
    )
    for standing in running:
        matter = standing.matter
        why = _obstacle(standing.body, matter.definition, new, of, at)
        results.append(Migration(matter.pk, matter.number, not why, why))
        if not why and not dry_run:
            Matter.objects.filter(pk=matter.pk).update(definition_id=definition_id, version=matter.version + 1)
            journal.write(
                by=by,
                at=at,
                act="matter.migrated",
                on=matter,
                data={"from": matter.definition.hash[:12], "to": current_hash[:12]},
            )
    return results


def _obstacle(body: str, old: Definition, new: Plan, of: ProcedureBinding, at: dt.datetime) -> str:
    waiting_in_old = {step["id"]: step for step in old.steps}
    try:
        machine = Machine.restore(new, body, now=at)
    except KeyError as missing:
        return f"{missing.args[0]} is not in the current drawing"
    for position in machine.positions():
        if position.step not in of.steps:
            return f"{position.step} has no binding"
        before = waiting_in_old.get(position.step, {})
        node = new.node(position.step)
        if (before.get("role"), before.get("many")) != (node.role, node.many):
            return f"{position.step} is answered otherwise in the current drawing"
    try:
        machine.workflow.do_engine_steps()
        Machine.restore(new, machine.dump(), now=at)
    except Exception as error:  # any failure of the engine on a foreign state means: stay where you are
        return f"the engine refuses: {type(error).__name__}"
    return ""
