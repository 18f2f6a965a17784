"""What is guarded among petitions and at the public door: each thing made by its services, with secret words."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator

from tests.access.kept import ASKED, Guarded

from chancery.demo.cast import Cast
from chancery.departments.general_office.petitions.counting import services as counting
from chancery.departments.general_office.petitions.custody import services as custody
from chancery.departments.general_office.petitions.desk.visits import services as visits
from chancery.departments.general_office.petitions.handling.tests import office
from chancery.departments.general_office.petitions.letters import services as letters
from chancery.departments.general_office.petitions.likeness import services as likeness
from chancery.departments.general_office.petitions.models import Petition, PetitionFile, PetitionText
from chancery.departments.general_office.petitions.terms import GivenFile
from chancery.departments.general_office.petitions.tests.desk import SENDER
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.publishing.notices import services as notices
from chancery.kernel.records.search.following.services import catch_up

PETITIONS = frozenset({"petition_registrar", "petition_officer", "petition_custodian", "office_head"})


def things(cast: Cast, at: dt.datetime) -> Iterator[Guarded]:
    """One of each."""
    for make in _EACH:
        yield make(cast, at)
    catch_up(by=SYSTEM, at=at)  # what a job does elsewhere: they are found by then


def _petition(cast: Cast, at: dt.datetime) -> Guarded:
    """An appeal with a file, in the hands of Planning and Finance; its identity was asked for, a letter is being
    written, and another one is linked to it."""
    made = office.assigned(
        cast, at, title=f"{ASKED} 红锑矿申诉", request="Kermesite-2718 红锑矿：请复核。", facts="Zinkite-2718 红锌矿。",
        files=[GivenFile("Hausmannite-2718.txt", io.BytesIO("黑锰矿".encode()))],
    )  # fmt: skip
    asked = custody.ask_opening(
        petition_id=made.pk, purpose="REACH", reason="Manganite-2718 水锰矿，需要核实来源。", by=cast.handler, at=at
    )
    other = office.registered(
        cast, at, title=f"{ASKED} 蔷薇石英申诉", request="Rosequartz-2718 蔷薇石英：另一件。", identity=None
    )
    tie = likeness.link(
        petition_id=other.pk, other_id=made.pk, reason="同一来信人的另一事项。", by=cast.petition_officer, at=at
    )
    letter = letters.begin_letter(petition_id=made.pk, kind="ACCEPTANCE", by=cast.petition_officer, at=at)
    with acting_as(SYSTEM):
        made = Petition.objects.get(pk=made.pk)
        texts = list(PetitionText.objects.filter(petition=made).values_list("pk", flat=True))
        files = list(PetitionFile.objects.filter(petition=made).values_list("pk", flat=True))
    secrets = ("红锑矿", "Kermesite-2718", "Zinkite-2718", "红锌矿", "Hausmannite-2718", "黑锰矿", "Manganite-2718")
    leads = {
        "petition_id": (made.pk,), "text_id": tuple(texts), "petition file_id": tuple(files), "opening_id": (asked.pk,),
        "letter_id": (letter.pk,), "tie_id": (tie.pk,),
    }  # fmt: skip
    leads = {("petition opening_id" if name == "opening_id" else name): ids for name, ids in leads.items()}
    return Guarded(
        "petition", made.guard_id, secrets, PETITIONS | {"handler"}, leads, office.stage_of(made).matter_id or 0
    )


def _campaign(cast: Cast, at: dt.datetime) -> Guarded:
    """Two letters of one text, not given to anybody yet."""
    text = "Columbite-3141 铌铁矿：要求公开评选程序和评审专家名单，并说明申报材料的评分标准与公示时间。"
    both = [
        office.registered(cast, at, title=f"{ASKED} 铌铁矿评选", request=text, identity=who) for who in (SENDER, None)
    ]
    made = likeness.open_campaign(
        petition_ids=[one.pk for one in both], title=f"{ASKED} 铌铁矿联名", by=cast.petition_officer, at=at
    )
    return Guarded("campaign", made.guard_id, ("铌铁矿", "Columbite-3141"), PETITIONS, {"campaign_id": (made.pk,)})


def _visit(cast: Cast, at: dt.datetime) -> Guarded:
    """Somebody came about a petition, and notes were taken."""
    by = cast.petition_registrar
    about = office.registered(cast, at, title=f"{ASKED} 细晶石来访", request="Microlite-1618 细晶石。", identity=None)
    place = visits.name_place(
        name_en="Sample hall", name_zh="样例接待室", address="Sample street 1", by=cast.office_head, at=at
    )
    visits.set_hours(place_id=place.pk, hours=[(range(7), dt.time(8), dt.time(18))], by=cast.office_head, at=at)
    room = visits.open_room(place_id=place.pk, name="101", by=cast.office_head, at=at)
    visit = visits.arrive(place_id=place.pk, by=by, at=at)
    visits.call_next(place_id=place.pk, room_id=room.pk, by=by, at=at)
    visits.begin(visit_id=visit.pk, by=by, at=at)
    visits.hear_again(visit_id=visit.pk, petition_id=about.pk, text="Tantalite-1618 钽铁矿。", by=by, at=at)
    visits.end(visit_id=visit.pk, end="ADDED", conduct="Samarskite-1618 铌钇矿", by=by, at=at)
    secrets = ("细晶石", "Microlite-1618", "Tantalite-1618", "钽铁矿", "Samarskite-1618", "铌钇矿")
    leads = {"place_id": (place.pk,), "room_id": (room.pk,), "visit_id": (visit.pk,), "petition_id": (about.pk,)}
    return Guarded("visit", about.guard_id, secrets, PETITIONS, leads)


def _recommendation(cast: Cast, at: dt.datetime) -> Guarded:
    """To Academic and Societies Affairs: its heads answer."""
    made = counting.recommend(
        unit_id=cast.units["AS"], title=f"{ASKED} 褐帘石建议", text="Allanite-5772 褐帘石：请在评审中公开评分标准。",
        due_on=clock.date_of(at) + dt.timedelta(days=30), by=cast.office_head, at=at,
    )  # fmt: skip
    insiders = frozenset({"petition_registrar", "petition_officer", "office_head", "two_hats"})
    leads = {"recommendation_id": (made.pk,)}
    return Guarded("recommendation", made.guard_id, ("褐帘石", "Allanite-5772"), insiders, leads)


def _notice(cast: Cast, at: dt.datetime) -> Guarded:
    """A public notice that nobody has reviewed yet."""
    with acting_as(cast.chaser):
        made = notices.draft_notice(
            unit_id=cast.units["GO"], title=(f"{ASKED} Gadolinite-8853", "硅铍钇矿公告"),
            text=("Xenotime-8853 is to be announced.", "磷钇矿将公布。"), by=cast.chaser, at=at,
        )  # fmt: skip
    secrets = ("Gadolinite-8853", "硅铍钇矿", "Xenotime-8853", "磷钇矿")
    insiders = frozenset({"chaser", "office_reviewer", "office_head", "registrar"})
    return Guarded("notice", made.guard_id, secrets, insiders, {"notice_id": (made.pk,)})


_EACH: tuple[Callable[[Cast, dt.datetime], Guarded], ...] = (_petition, _campaign, _visit, _recommendation, _notice)
