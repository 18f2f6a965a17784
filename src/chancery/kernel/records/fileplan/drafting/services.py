"""Opening a fonds; drafting, editing, submitting, returning, approving and withdrawing a version; unit codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.records.fileplan import queries, rules
from chancery.kernel.records.fileplan.models import FilePlan, Fonds, PlanClass, RetentionPeriod, UnitCode
from chancery.kernel.records.fileplan.services import fill, put_classes, seed_unit_codes
from chancery.kernel.records.fileplan.terms import AtEnd, PlanState

CLASS_WORDS = ("name_en", "name_zh", "scope_en", "scope_zh", "basis_en", "basis_zh")
COPIED = ("code", "category", "position", *CLASS_WORDS, "unit_id", "period", "at_end", "proposes", "is_open")


class NoSuchPlan(Refused):
    """There is no such fonds, version, class or period."""


@service
def open_fonds(
    *,
    code: str,
    name_en: str,
    name_zh: str,
    unit_id: int,
    keeper_unit_id: int,
    begun_on: dt.date,
    with_shipped: bool = True,
    by: Actor,
    at: dt.datetime,
) -> Fonds:
    """Open a fonds; with `with_shipped` its first draft is the plan the release ships, to be edited and approved."""
    rules.may_open_fonds(by).demand()
    if Fonds.objects.filter(code=code).exists():
        raise Refused(_("This code belongs to a fonds already."), field="code")
    if Fonds.objects.filter(unit_id=unit_id, closed_on=None).exists():
        raise Refused(_("This unit has an open fonds already."), field="unit_id")
    fonds = Fonds.objects.create(
        code=code,
        name_en=name_en.strip() or name_zh.strip(),
        name_zh=name_zh.strip() or name_en.strip(),
        unit_id=unit_id,
        keeper_unit_id=keeper_unit_id,
        begun_on=begun_on,
    )
    journal.write(by=by, at=at, act="fonds.opened", on=fonds, data={"code": code})
    shipped = queries.read_shipped(settings.PROFILE)
    plan = _begin(fonds, 1, None, "", by, at, shipped.basis if with_shipped else {})
    if with_shipped:
        fill(plan, shipped)
        seed_unit_codes(fonds, shipped.unit_codes, min(begun_on, clock.date_of(at)))
    return fonds


@service
def draft_version(*, fonds_id: int, note: str, by: Actor, at: dt.datetime) -> FilePlan:
    """A new version, begun as a copy of the last approved one. One is in the making at a time."""
    fonds = Fonds.objects.select_for_update().filter(pk=fonds_id).first()
    if fonds is None:
        raise NoSuchPlan(_("There is no such fonds."))
    rules.may_draft(by, fonds.keeper_unit_id).demand()
    if not note.strip():
        raise Refused(_("Say what this version changes and why."), field="note")
    busy = fonds.plans.filter(state__in=(PlanState.DRAFT, PlanState.SUBMITTED)).first()
    if busy is not None:
        raise Refused(_("Version %(number)s is in the making already.") % {"number": busy.number}, field="note")
    last = fonds.plans.filter(state=PlanState.APPROVED).order_by("-valid_from").first()
    number = (fonds.plans.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    basis = {"basis_en": last.basis_en, "basis_zh": last.basis_zh} if last else {}
    plan = _begin(fonds, number, last, note.strip(), by, at, basis)
    if last is not None:
        RetentionPeriod.objects.bulk_create(
            RetentionPeriod(
                plan=plan,
                **{n: getattr(one, n) for n in ("code", "name_en", "name_zh", "years", "basis_en", "basis_zh")},
            )
            for one in last.periods.all()
        )
        rows = list(last.classes.select_related("parent"))
        put_classes(
            plan,
            [{"parent": row.parent.code if row.parent else "", **{n: getattr(row, n) for n in COPIED}} for row in rows],
        )
    return plan


def _begin(
    fonds: Fonds, number: int, last: FilePlan | None, note: str, by: Actor, at: dt.datetime, basis: Mapping[str, str]
) -> FilePlan:
    plan = FilePlan.objects.create(
        fonds=fonds,
        number=number,
        profile=settings.PROFILE,
        based_on=last,
        note=note[:4000],
        made_at=at,
        made_person_id=by.person_id,
        **basis,
    )
    journal.write(by=by, at=at, act="fileplan.drafted", on=plan, data={"fonds": fonds.code, "number": number})
    return plan


def locked(plan_id: int, by: Actor, seen: int | None = None) -> FilePlan:
    """A draft in hand, of somebody who may edit it."""
    plan = FilePlan.objects.select_for_update(of=("self",)).select_related("fonds").filter(pk=plan_id).first()
    if plan is None:
        raise NoSuchPlan(_("There is no such version."))
    rules.may_draft(by, plan.fonds.keeper_unit_id).demand()
    rules.is_draft(plan).demand()
    if seen is not None and seen != plan.version:
        raise Stale(_("Someone else changed this draft meanwhile. Look at it again before you edit."))
    return plan


def touched(plan: FilePlan) -> None:
    """The draft was changed."""
    FilePlan.objects.filter(pk=plan.pk).update(version=F("version") + 1)


@service
def put_class(
    *,
    plan_id: int,
    class_id: int | None = None,
    parent_id: int | None = None,
    code: str,
    category: str,
    position: int = 0,
    words: Mapping[str, str],
    unit_id: int | None = None,
    period: str = "",
    at_end: str = AtEnd.APPRAISE,
    proposes: Collection[str] = (),
    is_open: bool = True,
    seen: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> PlanClass:
    """Add a class to a draft, or change, move, close one."""
    plan = locked(plan_id, by, seen)
    known = {row.code for row in plan.periods.all()}
    rules.is_sound_class(
        code=code,
        category=category,
        name_en=words.get("name_en", ""),
        name_zh=words.get("name_zh", ""),
        period=period,
        periods=known,
        proposes=proposes,
    ).demand()
    row = PlanClass(plan=plan)
    if class_id is not None:
        found = plan.classes.filter(pk=class_id).first()
        if found is None:
            raise NoSuchPlan(_("There is no such class in this version."))
        row = found
    if plan.classes.exclude(pk=row.pk).filter(code=code).exists():
        raise Refused(_("Another class of this version has that code."), field="code")
    if period and row.pk is not None and row.children.exists():
        raise Refused(
            _("Only a class at the end of its branch has a period: nothing is filed under this one."), field="period"
        )
    _place(plan, row, parent_id)
    row.code, row.category, row.position, row.unit_id = code, category, position, unit_id
    row.period, row.at_end, row.proposes, row.is_open = period, at_end, list(proposes), is_open
    for name in CLASS_WORDS:
        setattr(row, name, words.get(name, "").strip())
    row.save()
    touched(plan)
    journal.write(by=by, at=at, act="fileplan.class_put", on=plan, data={"code": code, "period": period})
    return row


def _place(plan: FilePlan, row: PlanClass, parent_id: int | None) -> None:
    if parent_id is None:
        row.parent = None
        return
    parent = plan.classes.select_related("parent").filter(pk=parent_id).first()
    if parent is None:
        raise Refused(_("There is no such class in this version."), field="parent")
    if parent.period:
        raise Refused(_("Things are filed under that class: take its period away first."), field="parent")
    above: PlanClass | None = parent
    while above is not None:
        if row.pk is not None and above.pk == row.pk:
            raise Refused(_("A class cannot stand under itself."), field="parent")
        above = above.parent
    row.parent = parent


@service
def remove_class(*, plan_id: int, class_id: int, by: Actor, at: dt.datetime) -> None:
    """Take a class out of a draft. What was filed under it stands under the version of its day."""
    plan = locked(plan_id, by)
    row = plan.classes.filter(pk=class_id).first()
    if row is None:
        raise NoSuchPlan(_("There is no such class in this version."))
    if row.children.exists():
        raise Refused(_("Other classes stand under this one: move or remove them first."))
    row.delete()
    touched(plan)
    journal.write(by=by, at=at, act="fileplan.class_removed", on=plan, data={"code": row.code})


@service
def put_period(
    *,
    plan_id: int,
    period_id: int | None = None,
    code: str,
    name_en: str,
    name_zh: str,
    years: int | None,
    basis_en: str = "",
    basis_zh: str = "",
    seen: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> RetentionPeriod:
    """Add a period to a draft or change one. Renaming its code renames it in the classes too."""
    plan = locked(plan_id, by, seen)
    rules.is_sound_period(code=code, name_en=name_en, name_zh=name_zh, years=years).demand()
    row = RetentionPeriod(plan=plan)
    if period_id is not None:
        found = plan.periods.filter(pk=period_id).first()
        if found is None:
            raise NoSuchPlan(_("There is no such period in this version."))
        row = found
    if plan.periods.exclude(pk=row.pk).filter(code=code).exists():
        raise Refused(_("Another period of this version has that code."), field="code")
    if row.code and row.code != code:
        plan.classes.filter(period=row.code).update(period=code)
    row.code, row.years = code, years
    row.name_en, row.name_zh = name_en.strip() or name_zh.strip(), name_zh.strip() or name_en.strip()
    row.basis_en, row.basis_zh = basis_en.strip(), basis_zh.strip()
    row.save()
    touched(plan)
    journal.write(by=by, at=at, act="fileplan.period_put", on=plan, data={"code": code, "years": years})
    return row


@service
def remove_period(*, plan_id: int, period_id: int, by: Actor, at: dt.datetime) -> None:
    """Take a period out of a draft; refused while a class has it."""
    plan = locked(plan_id, by)
    row = plan.periods.filter(pk=period_id).first()
    if row is None:
        raise NoSuchPlan(_("There is no such period in this version."))
    used = plan.classes.filter(period=row.code).count()
    if used:
        raise Refused(_("%(n)s classes have this period.") % {"n": used})
    row.delete()
    touched(plan)
    journal.write(by=by, at=at, act="fileplan.period_removed", on=plan, data={"code": row.code})


@service
def submit_plan(*, plan_id: int, by: Actor, at: dt.datetime) -> FilePlan:
    """Send a draft to approval. From here on it is not changed."""
    plan = locked(plan_id, by)
    nodes = plan.classes.filter(parent__isnull=False).values("parent_id")
    if not plan.classes.exclude(pk__in=nodes).filter(is_open=True).exists():
        raise Refused(_("The version has no open class."))
    bare = plan.classes.exclude(pk__in=nodes).filter(period="").order_by("position").first()
    if bare is not None:
        raise Refused(_("Class %(code)s stands at the end of its branch and has no period.") % {"code": bare.code})
    plan.state, plan.submitted_at = PlanState.SUBMITTED, at
    plan.save(update_fields=["state", "submitted_at"])
    journal.write(by=by, at=at, act="fileplan.submitted", on=plan, data={})
    return plan


def _under_approval(plan_id: int) -> FilePlan:
    plan = FilePlan.objects.select_for_update(of=("self",)).select_related("fonds").filter(pk=plan_id).first()
    if plan is None:
        raise NoSuchPlan(_("There is no such version."))
    return plan


@service
def return_plan(*, plan_id: int, reason: str, by: Actor, at: dt.datetime) -> FilePlan:
    """Send a version under approval back to its draft, with the reason."""
    plan = _under_approval(plan_id)
    rules.may_check(by, plan).demand()
    if not reason.strip():
        raise Refused(_("Say why it goes back."), field="opinion")
    plan.state, plan.submitted_at = PlanState.DRAFT, None
    plan.save(update_fields=["state", "submitted_at"])
    journal.write(by=by, at=at, act="fileplan.returned", on=plan, data={"reason": reason})
    return plan


@service
def approve_plan(
    *, plan_id: int, approval_number: str, valid_from: dt.date | None, by: Actor, at: dt.datetime
) -> FilePlan:
    """Bring a version into force from a day on; the one before ends the day before."""
    plan = _under_approval(plan_id)
    Fonds.objects.select_for_update().get(pk=plan.fonds_id)
    last = plan.fonds.plans.filter(state=PlanState.APPROVED).order_by("-valid_from").first()
    rules.may_approve(
        by,
        plan,
        approval_number=approval_number,
        valid_from=valid_from,
        today=clock.date_of(at),
        last_begins=last.valid_from if last else None,
    ).demand()
    assert valid_from is not None  # noqa: S101 - the rule has refused None
    if last is not None:
        last.valid_to = valid_from - dt.timedelta(days=1)
        last.save(update_fields=["valid_to"])
    plan.state, plan.valid_from, plan.approval_number = PlanState.APPROVED, valid_from, approval_number.strip()[:120]
    plan.approved_at, plan.approved_person_id = at, by.person_id
    plan.save(update_fields=["state", "valid_from", "approval_number", "approved_at", "approved_person"])
    journal.write(
        by=by,
        at=at,
        act="fileplan.approved",
        on=plan,
        data={"approval_number": plan.approval_number, "valid_from": valid_from},
    )
    return plan


@service
def withdraw_plan(*, plan_id: int, by: Actor, at: dt.datetime) -> FilePlan:
    """Give a draft up. It stays to be read."""
    plan = locked(plan_id, by)
    plan.state = PlanState.WITHDRAWN
    plan.save(update_fields=["state"])
    journal.write(by=by, at=at, act="fileplan.withdrawn", on=plan, data={})
    return plan


@service
def put_unit_code(
    *, fonds_id: int, unit_id: int, code: str, valid_from: dt.date, by: Actor, at: dt.datetime
) -> UnitCode:
    """机构代码: call a unit so in archival codes from a day on; what it was called before ends the day before."""
    fonds = Fonds.objects.select_for_update().filter(pk=fonds_id).first()
    if fonds is None:
        raise NoSuchPlan(_("There is no such fonds."))
    rules.may_draft(by, fonds.keeper_unit_id).demand()
    before = fonds.unit_codes.filter(unit_id=unit_id, valid_to=None).first()
    if before is not None and before.valid_from >= valid_from:
        raise Refused(_("It has been called so since %(day)s.") % {"day": before.valid_from}, field="valid_from")
    try:
        with transaction.atomic():
            if before is not None:
                before.valid_to = valid_from - dt.timedelta(days=1)
                before.save(update_fields=["valid_to"])
            made = UnitCode(fonds=fonds, unit_id=unit_id, code=code, valid_from=valid_from)
            made.save()
    except IntegrityError as error:
        if "records_unitcode_form" in str(error):
            raise Refused(_("A code has capital letters and digits."), field="code") from None
        raise Refused(_("That code means another unit on that day."), field="code") from None
    journal.write(by=by, at=at, act="fonds.unit_code_put", on=fonds, data={"unit": unit_id, "code": code})
    return made
