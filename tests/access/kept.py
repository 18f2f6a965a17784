"""What is guarded in the archive and in confidential work: each thing made by its services, with secret words."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pikepdf

from chancery.demo.cast import Cast
from chancery.departments.general_office.archives.appraisal import services as appraisal
from chancery.departments.general_office.archives.handover import services as handover
from chancery.departments.general_office.archives.loans import services as loans
from chancery.departments.general_office.archives.openings import services as openings
from chancery.departments.general_office.archives.reading import services as reading
from chancery.departments.general_office.archives.transfers import services as transfers
from chancery.departments.general_office.confidential_work.breaches import services as breaches
from chancery.departments.general_office.confidential_work.carriers import services as carriers
from chancery.departments.general_office.confidential_work.classification import services as classification
from chancery.departments.general_office.confidential_work.clearances import services as clearances
from chancery.departments.general_office.confidential_work.review import services as review
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Task
from chancery.kernel.records.archive import services as archive
from chancery.kernel.records.archive.models import ArchivalItem, ItemPart
from chancery.kernel.records.archive.terms import Carrier as Medium
from chancery.kernel.records.archive.tests import shelf
from chancery.kernel.records.disposal import queries as disposal
from chancery.kernel.records.disposal.appraising import services as appraising
from chancery.kernel.records.holds import services as holds

ASKED = "Quillwort"  # in the words of all guarded things, and a secret of none: one question finds whatever leaks


@dataclass(frozen=True)
class Guarded:
    """A thing that some may see: its words, who may see it, and what leads to it: "argument" or "kind argument" (see
    `walking.kind_of`) with the values that stand for it in an address."""

    name: str
    guard_id: int
    secrets: tuple[str, ...]
    insiders: frozenset[str]
    leads: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    matter_id: int = 0


# The officer's desk: the officer and who approves levels; and whoever has the thing in hand.
DESK = frozenset({"confidential_officer", "classifier"})
# Whoever oversees the General Office: its head and its registrar.
OFFICE = frozenset({"office_head", "registrar"})
ARCHIVE = OFFICE | {"archivist", "archive_head"}


DECIDERS = ARCHIVE | {"confidential_officer"}  # of what is opened to the public
APPRAISERS = ARCHIVE | {"supervisor", "office_reviewer", "leader"}


def things(cast: Cast, at: dt.datetime) -> Iterator[Guarded]:
    """One of each."""
    for make in _EACH:
        yield make(cast, at)


def _held(cast: Cast, at: dt.datetime, **facts: object) -> ArchivalItem:
    """An item that the archive holds."""
    [item] = shelf.filed(cast, at=at, **facts)  # type: ignore[arg-type]  # facts by name
    with acting_as(SYSTEM):
        for state in ("OFFERED", "HELD"):
            archive.set_state(item_ids=[item.pk], state=state, by=SYSTEM, at=at)
    return item


def _item(cast: Cast, at: dt.datetime) -> Guarded:
    """A restricted item of Planning and Finance, filed by its clerk; the archivist reads what is filed."""
    [item] = shelf.filed(
        cast, by=cast.drafter, unit="PF", label=20, title=f"{ASKED} Sphalerite-5523 闪锌矿档案", name="galena-5523.txt",
        content="Cinnabar 5523 辰砂 is written here.".encode(), at=at,
    )  # fmt: skip
    secrets = ("Sphalerite-5523", "闪锌矿", "Cinnabar 5523", "辰砂", "galena-5523")
    return Guarded("item", item.guard_id, secrets, frozenset({"drafter", "archivist"}), {"item_id": (item.pk,)})


def _hold(cast: Cast, at: dt.datetime) -> Guarded:
    item = _held(cast, at, dated_on=dt.date(1991, 5, 1), years=None)
    with acting_as(cast.office_head):
        hold = holds.place_hold(
            kind="LEGAL", title=f"{ASKED} Anglesite-6631 铅矾案", reason="A case before the court.",
            basis="Sample basis", review_on=clock.date_of(at) + dt.timedelta(days=30),
            covers=[holds.Cover(item_id=item.pk)], by=cast.office_head, at=at,
        )  # fmt: skip
    insiders = OFFICE | {"auditor"}
    return Guarded("hold", hold.guard_id, ("Anglesite-6631", "铅矾"), insiders, {"hold_id": (hold.pk,)})


def _opening(cast: Cast, at: dt.datetime) -> Guarded:
    """The list belongs to the office: whoever oversees it sees the row; the page lets in who proposes and decides."""
    old = _held(cast, at, dated_on=dt.date(1990, 5, 1), years=None)
    with acting_as(cast.archivist):
        made = openings.propose_opening(
            fonds_id=old.fonds_id, item_ids=[old.pk], note=f"{ASKED} Cerussite-3317 白铅矿", by=cast.archivist, at=at
        )
    return Guarded("opening", made.guard_id, ("Cerussite-3317", "白铅矿"), DECIDERS, {"opening_id": (made.pk,)})


def _appraisal(cast: Cast, at: dt.datetime) -> Guarded:
    """Drawn up by the archivist, with two appraisers of whom one has given a reason."""
    item = _held(cast, at, dated_on=dt.date(2008, 3, 1), years=10)
    with acting_as(cast.archivist):
        of = appraisal.open_list(
            fonds_id=item.fonds_id, note=f"{ASKED} Proustite-4411 淡红银矿", by=cast.archivist, at=at
        )
        posts = [cast.supervisor.post_id or 0, cast.office_reviewer.post_id or 0]
        appraising.send_to_appraisers(list_id=of.pk, post_ids=posts, by=cast.archivist, at=at)
    with acting_as(cast.supervisor):
        rows = [row["id"] for row in disposal.rows(of.pk)]
        appraising.set_verdicts(
            list_id=of.pk, row_ids=rows, verdict="DESTROY", new_period="", reason="Pyrargyrite-4411 深红银矿",
            by=cast.supervisor, at=at,
        )  # fmt: skip
    secrets = ("Proustite-4411", "淡红银矿", "Pyrargyrite-4411", "深红银矿")
    return Guarded("appraisal", of.guard_id, secrets, APPRAISERS, {"appraisal list_id": (of.pk,)})


def _paper() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(595, 842))
        made.save(out)
    return out.getvalue()


def _reading(cast: Cast, at: dt.datetime) -> Guarded:
    """Asked for by a handler, whose unit's head sees it; granted, and a copy taken."""
    by = cast.co_handler
    [item] = shelf.filed(cast, name="paper.pdf", content=_paper(), at=at)
    with acting_as(by):
        made = reading.ask_to_read(
            item_id=item.pk, purpose=f"{ASKED} Stibnite-2288 辉锑矿", wanted_until=clock.date_of(at), wants_copy=True,
            by=by, at=at,
        )  # fmt: skip
    with acting_as(cast.archive_head):
        task = Task.objects.get(matter_id=made.matter_id, done_at=None)
        procedures.complete(
            task_id=task.pk, outcome="GRANT", opinion="Bournonite-2288 车轮矿", data={"may_copy": True},
            by=cast.archive_head, at=at,
        )  # fmt: skip
    with acting_as(by):
        [part] = ItemPart.objects.filter(item_id=item.pk).values_list("pk", flat=True)
        reading.copy_part(request_id=made.pk, part_id=part, by=by, at=at)
    secrets = ("Stibnite-2288", "辉锑矿", "Bournonite-2288", "车轮矿")
    leads = {"reading request_id": (made.pk,), "part_id": (part,)}
    return Guarded(
        "reading",
        made.guard_id,
        secrets,
        frozenset({"co_handler", "receiver", "archive_head"}),
        leads,
        made.matter_id or 0,
    )


def _loan(cast: Cast, at: dt.datetime) -> Guarded:
    """An original lent to Academic and Societies Affairs."""
    [item] = shelf.filed(cast, carrier=Medium.PAPER, at=at)
    made = loans.lend(
        code=item.code, borrower_post_id=cast.co_handler.post_id or 0, purpose=f"{ASKED} Realgar-7719 雄黄",
        by=cast.archivist, at=at,
    )  # fmt: skip
    leads = {"loan_id": (made.pk,)}
    return Guarded(
        "loan",
        made.guard_id,
        ("Realgar-7719", "雄黄"),
        OFFICE | {"archivist", "co_handler"},
        leads,
        made.matter_id or 0,
    )


def _handover(cast: Cast, at: dt.datetime) -> Guarded:
    """Planning and Finance has a list ready, and has not offered it."""
    by = cast.drafter
    [item] = shelf.filed(cast, by=by, unit="PF", at=at)
    with acting_as(by):
        made = handover.make_list(
            unit_id=cast.units["PF"], item_ids=[item.pk], note=f"{ASKED} Orpiment-1188 雌黄", by=by, at=at
        )
    insiders = frozenset({"drafter", "handler"})
    return Guarded("handover", made.guard_id, ("Orpiment-1188", "雌黄"), insiders, {"handover list_id": (made.pk,)})


def _transfer(cast: Cast, at: dt.datetime) -> Guarded:
    item = _held(cast, at, dated_on=dt.date(2004, 5, 6), years=None)
    with acting_as(cast.archivist):
        made = transfers.draw_up(
            fonds_id=item.fonds_id, through_year=2005, authority=f"{ASKED} Jamesonite-6054 Archives",
            note="Boulangerite-6054 硫锑铅矿", by=cast.archivist, at=at,
        )  # fmt: skip
    secrets = ("Jamesonite-6054", "Boulangerite-6054", "硫锑铅矿")
    return Guarded("transfer", made.guard_id, secrets, ARCHIVE, {"transfer list_id": (made.pk,)})


def _carrier(cast: Cast, at: dt.datetime) -> Guarded:
    """Registered by the officer, after the officer was cleared."""
    officer, today = cast.confidential_officer, clock.date_of(at)
    with acting_as(cast.office_head):
        asked = clearances.propose_clearance(
            person_id=officer.person_id or 0, kind="CORE", basis="Post", trained_on=today, by=cast.office_head, at=at
        )
    with acting_as(cast.classifier):
        clearances.decide_clearance(clearance_id=asked.pk, approve=True, by=cast.classifier, at=at)
    with acting_as(officer):
        made = carriers.register_carrier(
            alias=f"{ASKED} Livingstonite-3301", medium="PAPER", place="Kermesite-3301", level="SECRET",
            basis="Meneghinite-3301", approver_id=cast.classifier.person_id, starts_on=today,
            expires_on=today + dt.timedelta(days=365), by=officer, at=at,
        )  # fmt: skip
    secrets = ("Livingstonite-3301", "Kermesite-3301", "Meneghinite-3301")
    return Guarded("carrier", made.guard_id, secrets, DESK, {"carrier_id": (made.pk,)})


def _classification(cast: Cast, at: dt.datetime) -> Guarded:
    """A level proposed for a paper that exists outside only, known here by an alias."""
    by = cast.confidential_officer
    with acting_as(by):
        made = classification.propose_carrier(
            alias=f"{ASKED} Tetrahedrite-9047", unit_id=cast.units["GO"], level="SECRET", basis_clause="personnel",
            basis_text="Tennantite-9047 砷黝铜矿", years=3, by=by, at=at,
        )  # fmt: skip
    secrets = ("Tetrahedrite-9047", "Tennantite-9047", "砷黝铜矿")
    leads = {"classification_id": (made.pk,)}
    return Guarded("classification", made.guard_id, secrets, DESK | OFFICE, leads, made.matter_id or 0)


def _breach(cast: Cast, at: dt.datetime) -> Guarded:
    by = cast.drafter
    with acting_as(by):
        made = breaches.report_breach(
            what="LEAKED", account=f"{ASKED} Chalcostibite-5126 硫铜锑矿", found_at=at - dt.timedelta(hours=1),
            alias="Berthierite-5126", by=by, at=at,
        )  # fmt: skip
    secrets = ("Chalcostibite-5126", "硫铜锑矿", "Berthierite-5126")
    return Guarded("breach", made.guard_id, secrets, DESK | {"drafter"}, {"breach_id": (made.pk,)})


def _clearance(cast: Cast, at: dt.datetime) -> Guarded:
    officer = cast.confidential_officer
    with acting_as(officer):
        made = clearances.propose_clearance(
            person_id=cast.handler.person_id or 0, kind="CORE", basis=f"{ASKED} Zinkenite-8807 块硫锑矿",
            trained_on=clock.date_of(at), by=officer, at=at,
        )  # fmt: skip
    secrets = ("Zinkenite-8807", "块硫锑矿")
    return Guarded("clearance", made.guard_id, secrets, DESK | {"handler"}, {"clearance_id": (made.pk,)})


def _undefined(cast: Cast, at: dt.datetime) -> Guarded:
    by = cast.drafter
    with acting_as(by):
        made = review.raise_undefined(
            alias=f"{ASKED} Plagionite-2093", question="Semseyite-2093 板辉锑铅矿?", provisional_level="SECRET",
            unit_id=cast.units["PF"], by=by, at=at,
        )  # fmt: skip
    secrets = ("Plagionite-2093", "Semseyite-2093", "板辉锑铅矿")
    return Guarded("undefined", made.guard_id, secrets, DESK | {"drafter"}, {"undefined_id": (made.pk,)})


_EACH: tuple[Callable[[Cast, dt.datetime], Guarded], ...] = (
    _item, _hold, _opening, _appraisal, _reading, _loan, _handover, _transfer, _carrier, _classification, _breach,
    _clearance, _undefined,
)  # fmt: skip
