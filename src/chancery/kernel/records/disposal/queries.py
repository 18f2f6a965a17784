"""Questions of disposal. Row security shows lists to those who have a part in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField as Flag
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import LIVE, ItemState
from chancery.kernel.records.disposal.models import (
    AppraisalList,
    AppraisalRow,
    AppraisalSheet,
    DestructionCertificate,
    DisposalAct,
    PeriodDecision,
)
from chancery.kernel.records.disposal.rules import Standing, end_of
from chancery.kernel.records.disposal.terms import ActKind, DecisionState, ListState, Verdict
from chancery.kernel.records.fileplan.models import Fonds, RetentionPeriod
from chancery.kernel.records.holds.queries import held

OPEN = (ListState.DRAFT, ListState.APPRAISAL, ListState.SUBMITTED, ListState.APPROVED)


def expired(today: dt.date) -> QuerySet[ArchivalItem]:
    """Items in the archive whose period has run out, as far as the actor may know of them."""
    return ArchivalItem.objects.filter(state=ItemState.HELD, retain_until__lt=today)


def expired_rows(today: dt.date) -> QuerySet[Any, Any]:
    """Them as rows of a list page: with what holds them up, a hold or a list they are on already."""
    found = expired(today)
    return (
        found.annotate(
            is_held=_one_of(held(list(found.values_list("pk", flat=True)))),
            is_listed=Exists(_on_open_lists(OuterRef("pk"))),
            fonds_code=F("fonds__code"),
        )
        .order_by("pk")
        .values(
            "id", "code", "title", "class_code", "year", "period", "retain_until", "is_held", "is_listed", "fonds_code"
        )
    )


def expired_counts(today: dt.date) -> list[Any]:
    """How many have run out, by fonds, class and year; how many of them are held."""
    found = expired(today)
    on_hold = held(list(found.values_list("pk", flat=True)))
    rows = found.values("fonds__code", "class_code", "year").annotate(
        many=Count("pk"), held=Count("pk", filter=Q(pk__in=on_hold)), free=Count("pk", filter=_free(on_hold))
    )
    return list(rows.order_by("fonds__code", "class_code", "year"))


def to_appraise(
    fonds_id: int, cut_off: dt.date, class_code: str = "", from_year: int | None = None, to_year: int | None = None
) -> list[ArchivalItem]:
    """What a new list takes: run out, not held, on no open list."""
    found = expired(cut_off).filter(fonds_id=fonds_id)
    if class_code:
        below = Q(class_code__startswith=f"{class_code}.") | Q(class_code__startswith=f"{class_code}-")
        found = found.filter(Q(class_code=class_code) | below)
    if from_year:
        found = found.filter(year__gte=from_year)
    if to_year:
        found = found.filter(year__lte=to_year)
    on_hold = held(list(found.values_list("pk", flat=True)))
    return list(found.filter(_free(on_hold)).order_by("class_code", "year", "code"))


def lists() -> QuerySet[Any, Any]:
    """The lists the actor has a part in."""
    return AppraisalList.objects.annotate(
        made_en=F("made_person__name_en"),
        made_zh=F("made_person__name_zh"),
        many=Count("rows"),
        judged=Count("rows", filter=~Q(rows__verdict="")),
        fonds_code=F("fonds__code"),
    ).values(
        "id", "code", "state", "cut_off", "made_at", "made_en", "made_zh", "many", "judged", "fonds_code", "note"
    )  # fmt: skip


def list_of(list_id: int) -> AppraisalList | None:
    """One list."""
    return AppraisalList.objects.select_related("fonds", "made_person").filter(pk=list_id).first()


def rows(list_id: int) -> QuerySet[Any, Any]:
    """Its rows, with whether a hold keeps the item today."""
    found = AppraisalRow.objects.filter(list_id=list_id)
    on_hold = held(list(found.values_list("item_id", flat=True)))
    by = {"appraised_en": F("appraised_person__name_en"), "appraised_zh": F("appraised_person__name_zh")}
    return found.annotate(is_held=_one_of(on_hold, "item_id"), **by).values(
        "id", "item_id", "position", "code", "title", "class_code", "year", "period", "retain_until", "page_count",
        "verdict", "new_period", "reason", "is_held", "left_out_at", "done_at", "appraised_en", "appraised_zh",
    )  # fmt: skip


def judged_rows(list_id: int, today: dt.date) -> dict[str, dict[str, Any]]:
    """Code → row, with the `standing` that a verdict on it is held against."""
    found = list(
        rows(list_id)
        .annotate(
            plan_id=F("item__plan_class__plan_id"), retain_from=F("item__retain_from"), ends=F("item__retain_until")
        )
        .order_by("position")
    )
    periods = periods_of({row["plan_id"] for row in found})
    for row in found:
        row["standing"] = Standing(row["retain_from"], row["ends"], periods[row["plan_id"]], row["is_held"], today)
    return {row["code"]: row for row in found}


def periods_of(plan_ids: set[int]) -> dict[int, dict[str, int | None]]:
    """Plan → code → years (None = for good), longest first."""
    found: dict[int, dict[str, int | None]] = {plan_id: {} for plan_id in plan_ids}
    of = RetentionPeriod.objects.filter(plan_id__in=plan_ids).order_by(
        "plan_id", F("years").desc(nulls_first=True), "code"
    )
    for plan_id, code, years in of.values_list("plan_id", "code", "years"):
        found[plan_id][code] = years
    return found


def period_choices(plan_ids: set[int]) -> list[tuple[str, str, str]]:
    """(code, English, Chinese) of the periods of these plans, longest first."""
    of = RetentionPeriod.objects.filter(plan_id__in=plan_ids).order_by(F("years").desc(nulls_first=True), "code")
    return list({code: (code, en, zh) for code, en, zh in of.values_list("code", "name_en", "name_zh")}.values())


def plans_of(list_id: int) -> set[int]:
    """The versions of the plan under which the items of a list were filed."""
    found = AppraisalRow.objects.filter(list_id=list_id).order_by().values_list("item__plan_class__plan_id", flat=True)
    return {int(one) for one in found.distinct()}


def figures(list_id: int) -> dict[str, int]:
    """Verdict ("" for none yet) → how many rows, and `total`."""
    counted = AppraisalRow.objects.filter(list_id=list_id).order_by().values_list("verdict").annotate(many=Count("pk"))
    found = dict(counted)
    return {**found, "total": sum(found.values())}


def acts(list_id: int) -> list[Any]:
    """Whose names stand on the list, in order; `is_current`: put to the list as it stands."""
    now = {fingerprint(list_id), destruction_fingerprint(list_id)}
    of = DisposalAct.objects.filter(list_id=list_id).annotate(
        person_en=F("person__name_en"), person_zh=F("person__name_zh"),
        post_en=F("post__title_en"), post_zh=F("post__title_zh"),
    )  # fmt: skip
    found: list[Any] = list(
        of.values("id", "act", "person_id", "person_en", "person_zh", "post_en", "post_zh", "at", "what").order_by("id")
    )
    for one in found:
        one["is_current"] = one["what"] in now
        one["words"] = ActKind(one["act"]).label
    return found


def sheets(list_id: int) -> list[Any]:
    """What came back as spreadsheets."""
    of = AppraisalSheet.objects.filter(list_id=list_id).annotate(
        sent_en=F("sent_person__name_en"), sent_zh=F("sent_person__name_zh"), name=F("file__name")
    )
    return list(
        of.order_by("-id").values(
            "id", "state", "row_count", "fault_count", "sent_at", "sent_en", "sent_zh", "name", "file_id"
        )
    )


def sheet(list_id: int, sheet_id: int) -> AppraisalSheet | None:
    """One of them."""
    return AppraisalSheet.objects.select_related("file", "list").filter(pk=sheet_id, list_id=list_id).first()


def fingerprint(list_id: int) -> str:
    """The hash of the list as it stands: what a signature is put to."""
    return _asked("select records_appraisal_hash(%s)", list_id)


def destruction_fingerprint(list_id: int) -> str:
    """The hash of what would be destroyed by the list now."""
    return _asked("select records_destruction_hash(%s)", list_id)


def to_destroy(list_id: int) -> list[int]:
    """The items that the list destroys and that were not left out or destroyed yet."""
    of = AppraisalRow.objects.filter(list_id=list_id, verdict=Verdict.DESTROY, left_out_at=None, done_at=None)
    return list(of.values_list("item_id", flat=True))


def to_set(list_id: int) -> int:
    """How many longer periods of the list are still to be set."""
    of = AppraisalRow.objects.filter(list_id=list_id, verdict__in=(Verdict.KEEP, Verdict.EXTEND), done_at=None)
    return of.count()


def approved_for_transfer(fonds_id: int) -> list[int]:
    """Items that approved lists send to the archives authority and that are still here."""
    of = AppraisalRow.objects.filter(
        list__fonds_id=fonds_id,
        list__state__in=(ListState.APPROVED, ListState.EXECUTED),
        verdict=Verdict.TRANSFER,
        item__state=ItemState.HELD,
    )
    return list(of.values_list("item_id", flat=True))


def certificate_of_list(list_id: int) -> DestructionCertificate | None:
    """The certificate of what a list destroyed."""
    return DestructionCertificate.objects.select_related("destroyer", "supervisor").filter(list_id=list_id).first()


def certificate_of_item(item_id: int) -> DestructionCertificate | None:
    """By which certificate an item was destroyed."""
    of = DestructionCertificate.objects.select_related("destroyer", "supervisor")
    return of.filter(items__item_id=item_id).first()


def certificates() -> QuerySet[Any, Any]:
    """All certificates: their figures are for staff."""
    return DestructionCertificate.objects.annotate(
        destroyer_en=F("destroyer__name_en"), destroyer_zh=F("destroyer__name_zh"),
        supervisor_en=F("supervisor__name_en"), supervisor_zh=F("supervisor__name_zh"),
    ).values(
        "id", "code", "destroyed_at", "item_count", "file_count", "destroyer_en", "destroyer_zh", "supervisor_en",
        "supervisor_zh", "list_id", "file_id",
    )  # fmt: skip


def open_row_of(item_id: int) -> Any:
    """The open list an item is on, if the actor may see it."""
    of = _on_open_lists(item_id).select_related("list")
    return of.values("list_id", "list__code", "list__state", "verdict", "new_period", "reason").first()


def longer_periods(item: ArchivalItem) -> list[tuple[str, str, str]]:
    """(code, English, Chinese) of the periods that would keep the item longer."""
    return [(code, en, zh) for code, en, zh, years in _periods(item) if _is_longer(item, years)]


def shorter_periods(item: ArchivalItem) -> list[tuple[str, str, str]]:
    """(code, English, Chinese) of the shorter periods that the schedule allows for the item's class."""
    owed = next((years for code, _en, _zh, years in _all(item) if code == item.plan_class.period), None)
    return [
        (code, en, zh)
        for code, en, zh, years in _all(item)
        if years is not None and owed is not None and years >= owed and not _is_longer(item, years)
        and code != item.period
    ]  # fmt: skip


def decision(decision_id: int) -> PeriodDecision | None:
    """One asking for a shorter period."""
    return PeriodDecision.objects.select_related("item", "asked_person").filter(pk=decision_id).first()


def open_decision(item_id: int) -> PeriodDecision | None:
    """The one that waits for its decision."""
    return PeriodDecision.objects.filter(item_id=item_id, state=DecisionState.ASKED).first()


def fonds_kept() -> list[Fonds]:
    """The fonds."""
    return list(Fonds.objects.order_by("code"))


def _periods(item: ArchivalItem) -> Sequence[tuple[str, str, str, int | None]]:
    return _all(item) if item.state in LIVE else []


def _all(item: ArchivalItem) -> list[tuple[str, str, str, int | None]]:
    of = RetentionPeriod.objects.filter(plan_id=item.plan_class.plan_id).order_by(
        F("years").desc(nulls_first=True), "code"
    )
    return list(of.values_list("code", "name_en", "name_zh", "years"))


def _is_longer(item: ArchivalItem, years: int | None) -> bool:
    if item.retain_until is None:
        return False
    until = end_of(item.retain_from, years)
    return until is None or until > item.retain_until


def _on_open_lists(item: Any) -> QuerySet[AppraisalRow]:
    return AppraisalRow.objects.filter(item_id=item, left_out_at=None, done_at=None, list__state__in=OPEN)


def _free(on_hold: set[int]) -> Q:
    return ~Q(pk__in=on_hold) & ~Q(Exists(_on_open_lists(OuterRef("pk"))))


def _one_of(ids: set[int], field: str = "pk") -> Case:
    return Case(When(**{f"{field}__in": ids}, then=Value(True)), default=Value(False), output_field=Flag())


def _asked(question: str, list_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question, [list_id])
        return str((cursor.fetchone() or [""])[0] or "")


def certificate(certificate_id: int) -> DestructionCertificate | None:
    """One certificate."""
    return DestructionCertificate.objects.select_related("destroyer", "supervisor").filter(pk=certificate_id).first()
