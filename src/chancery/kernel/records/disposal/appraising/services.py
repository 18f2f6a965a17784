"""From drawing a list up to its approval."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from collections.abc import Collection, Iterator, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access.services import add_readers, open_guard
from chancery.kernel.records.disposal import queries, rules
from chancery.kernel.records.disposal.models import AppraisalList, AppraisalRow, AppraisalSheet, DisposalAct
from chancery.kernel.records.disposal.sheets import queries as sheets
from chancery.kernel.records.disposal.terms import (
    APPRAISER,
    ARCHIVE_HEAD,
    ARCHIVIST,
    ENDS,
    LEADER,
    LIST_SERIES,
    SUPERVISOR,
    ActKind,
    ListState,
    SheetState,
)
from chancery.kernel.records.fileplan.models import Fonds
from chancery.kernel.records.files.queries import open_file
from chancery.kernel.records.files.services import store_file
from chancery.kernel.records.holds.queries import held
from chancery.kernel.records.numbers.services import issue_number


class NoSuchList(Refused):
    """The list does not exist for the actor."""


@service
def draw_up_list(
    *,
    fonds_id: int,
    cut_off: dt.date | None = None,
    class_code: str = "",
    from_year: int | None = None,
    to_year: int | None = None,
    note: str = "",
    by: Actor,
    at: dt.datetime,
) -> AppraisalList:
    """Put what has run out and is not held onto a new list."""
    fonds = Fonds.objects.filter(pk=fonds_id).first()
    if fonds is None:
        raise rules.DisposalRefused(_("Choose the fonds."), field="fonds")
    rules.may_draw_up(by, fonds.keeper_unit_id).demand()
    today = clock.date_of(at)
    cut_off = cut_off or today
    if cut_off > today:
        raise rules.DisposalRefused(_("What has not run out yet is not appraised."), field="cut_off")
    if from_year and to_year and to_year < from_year:
        raise rules.DisposalRefused(_("The last year comes before the first."), field="to_year")
    items = queries.to_appraise(fonds_id, cut_off, class_code, from_year, to_year)
    if not items:
        raise rules.DisposalRefused(
            _("Nothing of this has run out that is neither held nor on a list already."), field="class_code"
        )
    if len(items) > sheets.MOST_ROWS:
        raise rules.DisposalRefused(
            _("This is more than %(n)d items: narrow it by class or years.") % {"n": sheets.MOST_ROWS},
            field="class_code",
        )
    guard = open_guard(unit_id=fonds.keeper_unit_id, label=max(one.label for one in items), by=by, at=at)
    roles = (ARCHIVIST, ARCHIVE_HEAD, SUPERVISOR, LEADER)
    readers = [(None, role, fonds.keeper_unit_id) for role in roles]
    add_readers(guard_id=guard.pk, readers=readers, how="appraisal", by=by, at=at)  # type: ignore[arg-type]  # a list of wider tuples
    number = issue_number(series=LIST_SERIES, year=today.year, guard_id=guard.pk, by=by, at=at)
    of = AppraisalList.objects.create(
        guard=guard,
        fonds=fonds,
        number_id=number.pk,
        code=number.text,
        cut_off=cut_off,
        note=note.strip(),
        made_at=at,
        made_person_id=by.person_id,
    )
    with _lawful():
        AppraisalRow.objects.bulk_create(
            (
                AppraisalRow(
                    list=of,
                    item=item,
                    position=place,
                    code=item.code,
                    title=item.title,
                    class_code=item.class_code,
                    year=item.year,
                    period=item.period,
                    retain_until=item.retain_until or cut_off,
                    page_count=item.page_count,
                )
                for place, item in enumerate(items, start=1)
            ),
            batch_size=1000,
        )
    data = {"code": of.code, "items": len(items), "cut_off": cut_off.isoformat(), "class": class_code}
    journal.write(by=by, at=at, act="disposal.list_drawn_up", on=of, data=data)
    return of


@service
def send_to_appraisers(*, list_id: int, post_ids: Collection[int], by: Actor, at: dt.datetime) -> AppraisalList:
    """Hand a list that was drawn up to its appraisers."""
    of = taken(list_id)
    rules.may_draw_up(by, of.fonds.keeper_unit_id).demand()
    if of.state != ListState.DRAFT:
        raise rules.DisposalRefused(_("The list has been sent already."))
    if len(set(post_ids)) < 2:
        raise rules.DisposalRefused(_("An appraisal needs two different appraisers."), field="second_appraiser")
    readers = [(post_id, None, None) for post_id in dict.fromkeys(post_ids)]
    add_readers(guard_id=of.guard_id, readers=readers, how=APPRAISER, by=by, at=at)  # type: ignore[arg-type]  # a list of wider tuples
    # The stub of a restricted item stands under the guard of its content: who appraises it sees it, unless barred.
    restricted = AppraisalRow.objects.filter(list=of, item__label__gt=Clearance.INTERNAL)
    for guard_id in sorted(set(restricted.values_list("item__guard_id", flat=True))):
        add_readers(guard_id=guard_id, readers=readers, how=APPRAISER, by=by, at=at)  # type: ignore[arg-type]  # as above
    of.state = ListState.APPRAISAL
    of.save(update_fields=["state"])
    journal.write(by=by, at=at, act="disposal.list_sent", on=of, data={"posts": list(post_ids)})
    return of


@service
def set_verdicts(
    *,
    list_id: int,
    row_ids: Collection[int],
    verdict: str,
    new_period: str = "",
    reason: str = "",
    seen_version: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> int:
    """Say the same of some rows; how many. One row that it cannot be said of, and none is changed."""
    of = taken(list_id)
    rules.may_edit(by, of).demand()
    if seen_version is not None and seen_version != of.version:
        raise Stale(_("Somebody changed the list since you looked at it. Look again."))
    wanted, new_period, reason = set(row_ids), new_period.strip(), reason.strip()
    rows = [row for row in queries.judged_rows(list_id, clock.date_of(at)).values() if row["id"] in wanted]
    if not rows:
        raise rules.DisposalRefused(_("Choose at least one row."))
    for row in rows:
        for field, words in rules.faults_of(verdict, new_period, reason, row["standing"]):
            raise rules.DisposalRefused(f"{row['code']}: {words}", field=field)
    said = [sheets.Said(row["id"], verdict, new_period, reason) for row in rows]
    return _enter(of, said, by, at)


@service
def take_sheet(
    *, list_id: int, name: str, content: bytes, by: Actor, at: dt.datetime
) -> tuple[AppraisalSheet, sheets.Reading]:
    """Take a filled-in workbook: every row is checked, and all are entered or none. It is kept as it came."""
    of = taken(list_id)
    rules.may_edit(by, of).demand()
    book = sheets.opened(name, io.BytesIO(content))
    reading = sheets.read(of, queries.judged_rows(list_id, clock.date_of(at)), book)
    file = store_file(
        guard_id=of.guard_id,
        name=name,
        content=io.BytesIO(content),
        owner=f"records.appraisallist:{of.pk}",
        by=by,
        at=at,
    )
    state = SheetState.FAULTY if reading.faults else SheetState.TAKEN
    sheet = AppraisalSheet.objects.create(
        list=of,
        file=file,
        state=state,
        row_count=reading.rows,
        fault_count=len(reading.faults),
        sent_at=at,
        sent_person_id=by.person_id,
    )
    if reading.faults:
        data = {"sheet": sheet.pk, "rows": reading.rows, "faults": len(reading.faults)}
        journal.write(by=by, at=at, act="disposal.sheet_faulty", on=of, data=data)
    else:
        _enter(of, reading.said, by, at)
    return sheet, reading


@service
def take_right_rows(*, list_id: int, sheet_id: int, by: Actor, at: dt.datetime) -> int:
    """Enter the right rows of a workbook that has faults, because the appraiser asks for it; how many."""
    of = taken(list_id)
    rules.may_edit(by, of).demand()
    sheet = queries.sheet(list_id, sheet_id)
    if sheet is None:
        raise NoSuchList(_("There is no such sheet."))
    if sheet.state != SheetState.FAULTY:
        raise rules.DisposalRefused(_("The rows of this sheet were taken already."))
    reading = read_again(sheet, clock.date_of(at))
    if not reading.said:
        raise rules.DisposalRefused(_("The sheet has no right row."))
    many = _enter(of, reading.said, by, at)
    sheet.state, sheet.fault_count = SheetState.PARTLY, len(reading.faults)
    sheet.save(update_fields=["state", "fault_count"])
    return many


def read_again(sheet: AppraisalSheet, today: dt.date) -> sheets.Reading:
    """Check a kept workbook against the list as it stands now."""
    with open_file(sheet.file) as content:
        book = sheets.opened(sheet.file.name, io.BytesIO(content.read()))
    return sheets.read(sheet.list, queries.judged_rows(sheet.list_id, today), book)


@service
def sign_appraisal(*, list_id: int, by: Actor, at: dt.datetime) -> DisposalAct:
    """An appraiser puts their name to the list as it stands. A later change of any verdict makes it void."""
    of = taken(list_id)
    rules.may_edit(by, of).demand()
    figures = queries.figures(list_id)
    if missing := figures.get("", 0):
        raise rules.DisposalRefused(
            ngettext("%(n)d row has no verdict yet.", "%(n)d rows have no verdict yet.", missing) % {"n": missing}
        )
    _none_is_held(list_id)
    act = sign(of=of, act=ActKind.APPRAISED, by=by, at=at)
    journal.write(by=by, at=at, act="disposal.appraised", on=of, data={"fingerprint": act.what})
    return act


@service
def submit_list(*, list_id: int, by: Actor, at: dt.datetime) -> AppraisalList:
    """Lay a list that two people appraised before those who decide."""
    of = taken(list_id)
    rules.may_edit(by, of).demand()
    now = queries.fingerprint(list_id)
    names = DisposalAct.objects.filter(list=of, act=ActKind.APPRAISED, what=now)
    if names.values("person_id").distinct().count() < 2:
        raise rules.NotAlone(
            _(
                "The list needs the names of two different appraisers as it stands. It was changed since the other"
                " signed: send it back, so that both see it."
            )
        )
    of.state = ListState.SUBMITTED
    with _lawful():
        of.save(update_fields=["state"])
    journal.write(by=by, at=at, act="disposal.submitted", on=of, data={"fingerprint": now})
    return of


@service
def agree_to_list(*, list_id: int, by: Actor, at: dt.datetime) -> DisposalAct:
    """The head of the archive agrees."""
    of = taken(list_id)
    others = {of.made_person_id, *_people(of, ActKind.APPRAISED)}
    rules.may_decide(by, of, ARCHIVE_HEAD, of.fonds.keeper_unit_id, others).demand()
    _none_is_held(list_id)
    act = sign(of=of, act=ActKind.AGREED, by=by, at=at)
    journal.write(by=by, at=at, act="disposal.agreed", on=of, data={"fingerprint": act.what})
    return act


@service
def approve_list(*, list_id: int, by: Actor, at: dt.datetime) -> AppraisalList:
    """The leader approves: from now on the list is frozen, and what it says may be carried out."""
    of = taken(list_id)
    others = {of.made_person_id, *_people(of, ActKind.APPRAISED, ActKind.AGREED)}
    rules.may_decide(by, of, LEADER, of.fonds.keeper_unit_id, others).demand()
    _none_is_held(list_id)
    sign(of=of, act=ActKind.APPROVED, by=by, at=at)
    of.state, of.approved_at = ListState.APPROVED, at
    with _lawful():
        of.save(update_fields=["state", "approved_at"])
    of.refresh_from_db()
    data = {"fingerprint": of.frozen_hash, "figures": queries.figures(list_id)}
    journal.write(by=by, at=at, act="disposal.approved", on=of, data=data)
    return of


@service
def send_back_list(*, list_id: int, reason: str, by: Actor, at: dt.datetime) -> AppraisalList:
    """From under approval back to the appraisers."""
    of = taken(list_id)
    if of.state != ListState.SUBMITTED:
        raise rules.DisposalRefused(_("The list is not under approval."))
    of.state = ListState.APPRAISAL
    of.save(update_fields=["state"])
    journal.write(by=by, at=at, act="disposal.sent_back", on=of, data={"reason": reason.strip()})
    return of


@service
def withdraw_list(*, list_id: int, reason: str, by: Actor, at: dt.datetime) -> AppraisalList:
    """Give a list up; its items may be put on another one. What was carried out stays."""
    of = taken(list_id)
    if of.state in (ListState.EXECUTED, ListState.WITHDRAWN):
        raise rules.DisposalRefused(_("This list is closed."))
    rules.may_draw_up(by, of.fonds.keeper_unit_id).demand()
    if not reason.strip():
        raise rules.DisposalRefused(_("Say why."), field="reason")
    of.state = ListState.WITHDRAWN
    of.save(update_fields=["state"])
    journal.write(by=by, at=at, act="disposal.withdrawn", on=of, data={"reason": reason.strip()})
    return of


def taken(list_id: int) -> AppraisalList:
    """The list, locked."""
    of = AppraisalList.objects.select_for_update(of=("self",)).select_related("fonds").filter(pk=list_id).first()
    if of is None:
        raise NoSuchList(_("There is no such list."))
    return of


@service
def sign(*, of: AppraisalList, act: ActKind, by: Actor, at: dt.datetime) -> DisposalAct:
    """Put a name to the list; the database fills in whose, and the hash of what."""
    with _lawful():
        made = DisposalAct.objects.create(list=of, act=act, person_id=by.person_id or 0, post_id=by.post_id or 0, at=at)
    made.refresh_from_db(fields=["what"])
    return made


@contextlib.contextmanager
def _lawful() -> Iterator[None]:
    """The database asks everything again; what it refuses is a refusal and not a fault."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise rules.DisposalRefused(
            _("Something changed meanwhile, and the archive's law does not allow it any more. Look again.")
        ) from error


def _people(of: AppraisalList, *acts: str) -> set[int | None]:
    return set(DisposalAct.objects.filter(list=of, act__in=acts).values_list("person_id", flat=True))


def _none_is_held(list_id: int) -> None:
    """Nothing the list ends is held today."""
    ending = AppraisalRow.objects.filter(list_id=list_id, verdict__in=ENDS).values_list("item_id", "code")
    codes = dict(ending)
    caught = sorted(codes[item_id] for item_id in held(list(codes)))
    if caught:
        many = len(caught)
        raise rules.HeldItem(
            ngettext(
                "%(n)d item that the list ends is held since: %(codes)s. Change its verdict first.",
                "%(n)d items that the list ends are held since: %(codes)s. Change their verdicts first.",
                many,
            )
            % {"n": many, "codes": ", ".join(caught[:5]) + ("…" if many > 5 else "")}
        )


def _enter(of: AppraisalList, said: Sequence[sheets.Said], by: Actor, at: dt.datetime) -> int:
    """Write the verdicts down; how many rows changed. Any change makes earlier signatures void."""
    known = AppraisalRow.objects.in_bulk([one.row_id for one in said])
    changed = []
    for one in said:
        row = known[one.row_id]
        if (row.verdict, row.new_period, row.reason) == (one.verdict, one.new_period, one.reason):
            continue
        row.verdict, row.new_period, row.reason = one.verdict, one.new_period, one.reason
        row.appraised_at, row.appraised_person_id = at, by.person_id
        changed.append(row)
    if changed:
        with _lawful():
            AppraisalRow.objects.bulk_update(
                changed, ["verdict", "new_period", "reason", "appraised_at", "appraised_person"], batch_size=500
            )
        of.version += 1
        of.save(update_fields=["version"])
        journal.write(by=by, at=at, act="disposal.verdicts", on=of, data={"rows": len(changed), "version": of.version})
    return len(changed)
