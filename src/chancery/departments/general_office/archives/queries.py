"""The archive's desk: real counts, each under row security, in a constant number of queries."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.handover import queries as handover
from chancery.departments.general_office.archives.handover.models import HandoverDuty, HandoverList
from chancery.departments.general_office.archives.handover.terms import ListState
from chancery.departments.general_office.archives.loans.models import Loan
from chancery.departments.general_office.archives.openings import rules as opening_rules
from chancery.departments.general_office.archives.reading.models import ReadingRequest
from chancery.departments.general_office.archives.reading.terms import State as Reading
from chancery.departments.general_office.archives.storage import queries as storage
from chancery.departments.general_office.archives.storage import rules as storage_rules
from chancery.departments.general_office.archives.storage.models import Stocktake
from chancery.departments.general_office.archives.storage.terms import StocktakeState
from chancery.departments.general_office.archives.terms import Group, Line
from chancery.departments.general_office.archives.transfers import queries as transfers
from chancery.departments.general_office.archives.transfers import rules as transfer_rules
from chancery.foundations.actor import Actor
from chancery.kernel.access import queries as access
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import ItemState
from chancery.kernel.records.disposal import queries as disposal
from chancery.kernel.records.disposal import rules as disposal_rules
from chancery.kernel.records.fixity import rules as fixity_rules
from chancery.kernel.records.fixity.models import FixityFinding
from chancery.kernel.records.fixity.terms import Outcome
from chancery.kernel.records.holds import queries as holds
from chancery.kernel.records.holds import rules as hold_rules


def desk(by: Actor, today: dt.date) -> list[Group]:
    """What waits: for whoever is in a department, and for the archive besides."""
    roles = set(access.roles_of(by))
    groups = [_department(by, today), _reading(by, today)]
    if handover.is_keeper(by):
        groups += [_taking_over(today), _keeping(), _ending(by, today, _to_authority(today))]
    elif roles & {"hold_keeper", "appraiser", "disposal_supervisor"}:
        groups.append(_ending(by, today))
    return [group for group in groups if group.lines]


def _department(by: Actor, today: dt.date) -> Group:
    """My department's duties, lists and papers."""
    units = handover.units_of(by)
    lines = []
    if units:
        own = handover.within(units)
        owed = HandoverDuty.objects.filter(unit_id__in=own, settled_at=None).aggregate(
            n=Count("id", filter=Q(unfiled__gt=0) | Q(unhanded__gt=0)),
            late=Count("id", filter=(Q(unfiled__gt=0) | Q(unhanded__gt=0)) & Q(due_on__lt=today)),
        )
        lists = HandoverList.objects.filter(unit_id__in=own).aggregate(
            drafts=Count("id", filter=Q(state=ListState.DRAFT)),
            waiting=Count("id", filter=Q(state=ListState.OFFERED)),
        )
        page = reverse("general_office:handover_lists")
        lines = [
            Line(
                _("Years to be filed and handed over"),
                owed["n"],
                reverse("general_office:handover_duties"),
                "red" if owed["late"] else "amber",
                _overdue(owed["late"]),
            ),
            Line(
                _("Items filed and not handed over"),
                handover.offerable(by).count(),
                reverse("general_office:handover_new"),
                "blue",
            ),
            Line(_("Closed and not filed"), handover.unfiled_matters().filter(unit_id__in=own).count(),
                 reverse("general_office:handover_unfiled"), "amber"),
            Line(_("Hand-over lists being made"), lists["drafts"], f"{page}?state={ListState.DRAFT}", "blue"),
            Line(_("Hand-over lists at the archive"), lists["waiting"], f"{page}?state={ListState.OFFERED}", "blue"),
        ]  # fmt: skip
    return Group(_("My department"), tuple(lines))


def _reading(by: Actor, today: dt.date) -> Group:
    """What one asked to read and has on loan; for the archive, all that is asked and out."""
    asked = ReadingRequest.objects.aggregate(
        mine=Count("id", filter=Q(person_id=by.person_id, state__in=[Reading.ASKED, Reading.GRANTED])),
        waiting=Count("id", filter=Q(state=Reading.ASKED)),
    )
    out = Loan.objects.filter(returned_at=None).aggregate(
        mine=Count("id", filter=Q(borrower_id=by.person_id)),
        mine_late=Count("id", filter=Q(borrower_id=by.person_id, due_on__lt=today)),
        all=Count("id"),
        late=Count("id", filter=Q(due_on__lt=today)),
    )
    readings, loans = reverse("general_office:readings_asked"), reverse("general_office:loans")
    lines = [
        Line(_("My requests to read"), asked["mine"], readings, "blue"),
        Line(_("Lent to me"), out["mine"], loans, "red" if out["mine_late"] else "blue", _overdue(out["mine_late"])),
    ]
    if handover.is_keeper(by):
        lines += [
            Line(_("Requests to read, to be decided"), asked["waiting"], f"{readings}?state={Reading.ASKED}", "amber"),
            Line(_("Lent out"), out["all"], loans, "red" if out["late"] else "blue", _overdue(out["late"])),
        ]
    return Group(_("Reading and loans"), tuple(lines))


def _overdue(n: int) -> str:
    return _("%(n)s overdue") % {"n": n} if n else ""


def _taking_over(today: dt.date) -> Group:
    owed = HandoverDuty.objects.filter(Q(unfiled__gt=0) | Q(unhanded__gt=0), settled_at=None).aggregate(
        n=Count("id"), late=Count("id", filter=Q(due_on__lt=today))
    )
    states = ArchivalItem.objects.aggregate(
        filed=Count("id", filter=Q(state=ItemState.FILED)), held=Count("id", filter=Q(state=ItemState.HELD))
    )
    catalogue = reverse("records:archive")
    return Group(
        _("Taking over"),
        (
            Line(
                _("Departments that owe a year"),
                owed["n"],
                reverse("general_office:handover_duties"),
                "red" if owed["late"] else "amber",
                _overdue(owed["late"]),
            ),
            Line(
                _("Hand-over lists to be checked"),
                handover.waiting_lists(),
                f"{reverse('general_office:handover_lists')}?state={ListState.OFFERED}",
                "amber",
            ),
            Line(_("Filed, still with departments"), states["filed"], f"{catalogue}?state={ItemState.FILED}", "blue"),
            Line(_("Held by the archive"), states["held"], f"{catalogue}?state={ItemState.HELD}", "green"),
        ),
    )


def _keeping() -> Group:
    takes = Stocktake.objects.aggregate(
        running=Count("id", filter=Q(state=StocktakeState.OPEN)),
        counted=Count("id", filter=Q(state=StocktakeState.COUNTED)),
    )
    page = reverse("general_office:stocktakes")
    return Group(
        _("Keeping"),
        (
            Line(
                _("Boxes that stand nowhere"),
                storage.unplaced().count(),
                reverse("general_office:storage_unplaced"),
                "amber",
            ),
            Line(_("Stocktakes running"), takes["running"], f"{page}?state={StocktakeState.OPEN}", "blue"),
            Line(_("Stocktakes to be signed off"), takes["counted"], f"{page}?state={StocktakeState.COUNTED}", "amber"),
            Line(
                _("Contents damaged or missing in the store"),
                FixityFinding.objects.filter(outcome=Outcome.OPEN).count(),
                reverse("records:fixity_findings"),
                "red",
            ),
        ),
    )


def _to_authority(today: dt.date) -> Line:
    return Line(_("Due for transfer"), transfers.due(today).count(), reverse("general_office:transfers_due"), "amber")


def _ending(by: Actor, today: dt.date, *more: Line) -> Group:
    lines: list[Line] = []
    if disposal_rules.may_see_lists(by):
        place = reverse("general_office:appraisal_expired")
        lines.append(Line(_("Items whose period has run out"), disposal.expired(today).count(), place, "amber"))
    if hold_rules.may_enter(by):
        place = reverse("records:holds")
        lines.append(Line(_("Holds to be reviewed"), holds.due_for_review(today).count(), place, "amber"))
    return Group(_("Periods and holds"), (*lines, *more))


def places(by: Actor) -> list[tuple[str, str, str]]:
    """Where one may go from here: (icon, words, address)."""
    every: list[tuple[bool, str, str, str]] = [
        (True, "archive", _("Catalogue"), "records:archive"),
        (True, "folders", _("File plan"), "records:fileplans"),
        (True, "calendar-due", _("Filing due"), "general_office:handover_duties"),
        (True, "transfer", _("Hand-over lists"), "general_office:handover_lists"),
        (bool(storage_rules.may_enter(by)), "door", _("Storage"), "general_office:storage"),
        (bool(storage_rules.may_enter(by)), "clipboard-list", _("Stocktakes"), "general_office:stocktakes"),
        (True, "eye", _("Requests to read"), "general_office:readings_asked"),
        (True, "arrows-exchange", _("Loans"), "general_office:loans"),
        (bool(disposal_rules.may_see_lists(by)), "gavel", _("Appraisal"), "general_office:appraisals"),
        (bool(hold_rules.may_enter(by)), "lock", _("Holds"), "records:holds"),
        (bool(transfer_rules.may_enter(by)), "building-bank", _("Transfers"), "general_office:transfers"),
        (bool(opening_rules.may_look(by)), "lock-open", _("Openings"), "general_office:openings"),
        (bool(fixity_rules.may_read(by)), "shield-check", _("Storage check"), "records:fixity"),
    ]
    return [(symbol, title, reverse(name)) for may, symbol, title, name in every if may]
