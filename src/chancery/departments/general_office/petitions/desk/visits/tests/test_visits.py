"""Visits: named places, hours, numbers, rooms, what came of them."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.timezone import make_aware

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.desk.visits import queries, rules, services
from chancery.departments.general_office.petitions.desk.visits.models import PetitionPlace, PetitionVisit
from chancery.departments.general_office.petitions.desk.visits.terms import End, Standing
from chancery.departments.general_office.petitions.terms import Kind, Part
from chancery.departments.general_office.petitions.tests.desk import REQUEST, SENDER, WORDS, registered
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused

#: A Tuesday on which the house works.
DAY = dt.date(2026, 11, 24)
ALL_DAY = [(range(7), dt.time(8, 30), dt.time(11, 30)), (range(7), dt.time(13, 30), dt.time(17))]


def at(hour: int, minute: int = 0, day: dt.date = DAY) -> dt.datetime:
    return make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


@pytest.fixture(autouse=True)
def that_morning() -> Iterator[None]:
    with clock.fixed_at(at(9)):
        yield


def a_place(cast: Any, *, rooms: int = 1) -> PetitionPlace:
    by = cast.petition_officer
    place = services.name_place(
        name_en="Reception hall", name_zh="来访接待室", address="Sample Street 1", by=by, at=at(8)
    )
    services.set_hours(place_id=place.pk, hours=ALL_DAY, by=by, at=at(8))
    for n in range(rooms):
        services.open_room(place_id=place.pk, name=f"{n + 1}", by=by, at=at(8))
    return place


def arrived(cast: Any, place: PetitionPlace, **more: Any) -> PetitionVisit:
    told = {"place_id": place.pk, "by": cast.petition_registrar, "at": at(9), **more}
    return services.arrive(**told)


def first_room(cast: Any, place: PetitionPlace) -> int:
    with acting_as(cast.petition_registrar):
        return queries.rooms(place.pk)[0].pk


def called(cast: Any, place: PetitionPlace, **more: Any) -> PetitionVisit:
    told = {"place_id": place.pk, "by": cast.petition_registrar, "at": at(9, 5), **more}
    if "room_id" not in told:
        told["room_id"] = first_room(cast, place)
    return services.call_next(**told)


@pytest.mark.django_db
def test_numbers_of_a_day_and_place_have_no_gap(cast: Any) -> None:
    place, other = a_place(cast), a_place(cast)
    assert [arrived(cast, place).number for _n in range(3)] == [1, 2, 3]
    with pytest.raises(Refused):
        arrived(cast, place, group_size=9, representatives=6)
    assert arrived(cast, other).number == 1
    assert arrived(cast, place).number == 4
    assert arrived(cast, place, at=at(9, day=DAY + dt.timedelta(days=1))).number == 1
    with pytest.raises(DatabaseError), acting_as(SYSTEM), transaction.atomic():
        PetitionVisit.objects.filter(number=2).delete()
    with pytest.raises(DatabaseError), acting_as(SYSTEM), transaction.atomic():
        PetitionVisit.objects.filter(number=2).update(number=9)


@pytest.mark.django_db
def test_a_visit_where_none_is_received_is_refused(cast: Any) -> None:
    place = a_place(cast)
    with pytest.raises(rules.NotNamed) as refusal:
        arrived(cast, place, place_id=10**6)
    assert refusal.value.field == "place_id" and refusal.value.basis
    for when in (at(7), at(12), at(18), at(10, day=dt.date(2026, 11, 29))):  # before, at noon, after, on a Sunday
        with pytest.raises(rules.NotNamed, match="closed now"):
            arrived(cast, place, at=when)
    services.close_place(place_id=place.pk, by=cast.petition_officer, at=at(9))
    assert arrived(cast, place).number == 1
    with pytest.raises(rules.NotNamed, match="were named"):
        arrived(cast, place, at=at(9, day=DAY + dt.timedelta(days=1)))


@pytest.mark.django_db
def test_the_whole_of_a_visit(cast: Any) -> None:
    place, by = a_place(cast), cast.petition_registrar
    arrived(cast, place, group_size=12, representatives=3)
    visit = called(cast, place)
    assert (visit.number, visit.standing) == (1, Standing.CALLED)
    services.begin(visit_id=visit.pk, by=by, at=at(9, 7))
    told = {
        "visit_id": visit.pk,
        "kind": Kind.APPEAL,
        "language": "zh-hans",
        "request": REQUEST,
        "by": by,
        "at": at(9, 20),
    }
    with pytest.raises(Refused) as refusal:
        names = tuple(f"代表{n}" for n in range(6))
        services.hear(**told, identity=type(SENDER)(name="甲乙丙", representatives=names))
    assert refusal.value.field == "representatives"
    got = services.hear(**told, identity=SENDER)
    assert (got.petition.channel, got.petition.group_size) == ("VISIT", 12)
    with pytest.raises(Refused, match="already"):
        services.hear(**told, identity=SENDER)
    with pytest.raises(Refused, match="tells who petitions"):
        services.end(visit_id=visit.pk, end=End.HEARD, conduct=f"{SENDER.name}情绪平稳。", by=by, at=at(9, 40))
    done = services.end(visit_id=visit.pk, end=End.HEARD, conduct="来访人情绪平稳。", by=by, at=at(9, 40))
    assert done.standing == Standing.ENDED
    with acting_as(by):
        notes = [text["text"] for text in petitions.texts(got.petition.pk, by) if text["part"] == Part.NOTE]
        shown = queries.section(got.petition, by, at(10))
    assert notes == ["来访人情绪平稳。"] and shown is not None and len(shown["visits"]) == 1
    with pytest.raises(DatabaseError), acting_as(SYSTEM), transaction.atomic():
        PetitionVisit.objects.filter(pk=visit.pk).update(end=End.LEFT)


@pytest.mark.django_db
def test_what_came_of_it_fits_what_happened(cast: Any) -> None:
    place, by = a_place(cast, rooms=2), cast.petition_registrar
    first, second = arrived(cast, place), arrived(cast, place)
    with pytest.raises(Refused, match="Call the visitors first"):
        services.begin(visit_id=first.pk, by=by, at=at(9, 1))
    with pytest.raises(Refused, match="Nobody was heard"):
        services.end(visit_id=first.pk, end=End.ADVISED, by=by, at=at(9, 2))
    services.end(visit_id=first.pk, end=End.LEFT, by=by, at=at(9, 3))
    visit = called(cast, place)
    assert visit.pk == second.pk
    services.begin(visit_id=visit.pk, by=by, at=at(9, 6))
    with pytest.raises(Refused, match="Take the petition in first"):
        services.end(visit_id=visit.pk, end=End.HEARD, by=by, at=at(9, 9))
    with pytest.raises(Refused, match="say what came of it"):
        services.end(visit_id=visit.pk, end=End.LEFT, by=by, at=at(9, 9))
    with pytest.raises(Refused) as refusal:
        services.end(visit_id=visit.pk, end=End.ADVISED, conduct="已告知办事渠道。", by=by, at=at(9, 9))
    assert refusal.value.field == "conduct"
    services.end(visit_id=visit.pk, end=End.ADVISED, by=by, at=at(9, 9))
    with pytest.raises(rules.NobodyWaits):
        called(cast, place)


@pytest.mark.django_db
def test_a_room_has_one_visit_and_stands_at_its_place(cast: Any) -> None:
    place, other = a_place(cast), a_place(cast)
    arrived(cast, place)
    arrived(cast, place)
    called(cast, place)
    with pytest.raises(rules.RoomTaken):
        called(cast, place)
    with pytest.raises(Refused, match="room of this place"):
        called(cast, place, room_id=first_room(cast, other))
    with pytest.raises(rules.RoomTaken):
        services.end_room(room_id=first_room(cast, place), by=cast.petition_officer, at=at(10))
    with pytest.raises(Refused, match="of that name"):
        services.open_room(place_id=place.pk, name="1", by=cast.petition_officer, at=at(10))


@pytest.mark.django_db
def test_a_visit_about_what_is_here_already(cast: Any) -> None:
    place, by = a_place(cast), cast.petition_registrar
    made = registered(cast)
    arrived(cast, place)
    visit = called(cast, place)
    services.begin(visit_id=visit.pk, by=by, at=at(9, 6))
    services.hear_again(visit_id=visit.pk, petition_id=made.pk, text="晓明补充：有录音。", by=by, at=at(9, 10))
    done = services.end(visit_id=visit.pk, end=End.ADDED, by=by, at=at(9, 20))
    assert done.petition_id == made.pk
    with acting_as(by):
        assert petitions.texts(made.pk, by)[-1]["text"] == "████补充：有录音。"


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["petition_officer", "petition_custodian", "handler", "outsider"])
def test_only_registrars_receive(cast: Any, who: str) -> None:
    place = a_place(cast)
    with pytest.raises(Refused):
        arrived(cast, place, by=cast[who])


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["petition_registrar", "handler", "outsider"])
def test_only_officers_and_the_head_name_places(cast: Any, who: str) -> None:
    with pytest.raises(Refused):
        services.name_place(name_en="A", name_zh="甲", address="x", by=cast[who], at=at(8))
    head = services.name_place(name_en="A", name_zh="甲", address="x", by=cast.office_head, at=at(8))
    for hours in ([([], dt.time(9), dt.time(10))], [([0], dt.time(10), dt.time(9))]):
        with pytest.raises(Refused):
            services.set_hours(place_id=head.pk, hours=hours, by=cast.office_head, at=at(8))


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["handler", "outsider", "leader", "auditor"])
def test_others_know_nothing_of_visits(cast: Any, who: str) -> None:
    arrived(cast, a_place(cast))
    with acting_as(cast[who]):
        assert not PetitionVisit.objects.exists() and not PetitionPlace.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_call_at_once_get_different_numbers_and_two_who_arrive_too(cast: Any) -> None:
    place = a_place(cast, rooms=3)
    with acting_as(cast.petition_registrar), transaction.atomic():
        rooms = [room.pk for room in queries.rooms(place.pk)]
    said: list[int] = []

    def work(act: Any) -> None:
        try:
            with clock.fixed_at(at(9)):
                said.append(act().number)
        finally:
            connection.close()

    def together(*acts: Any) -> list[int]:
        said.clear()
        threads = [threading.Thread(target=work, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return sorted(said)

    assert together(*[lambda: arrived(cast, place) for _n in range(4)]) == [1, 2, 3, 4]
    assert together(*[lambda room=room: called(cast, place, room_id=room) for room in rooms]) == [1, 2, 3]


# --- Pages -----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_day_at_the_desk(cast: Any, client_as: Any) -> None:
    place, client = a_place(cast), client_as(cast.petition_registrar)
    answer = client.post(
        reverse("general_office:petition_arrive", args=[place.pk]), {"group_size": 8, "representatives": 6}
    )
    assert answer.status_code == 422 and "at most 5 representatives" in answer.content.decode()
    for _n in range(2):
        client.post(reverse("general_office:petition_arrive", args=[place.pk]), {"group_size": 1, "representatives": 1})
    call = reverse("general_office:petition_call", args=[place.pk])
    answer = client.post(call, {"room_id": first_room(cast, place)})
    visit = answer["Location"]
    assert client.post(call, {"room_id": first_room(cast, place)}).status_code == 422
    assert client.post(f"{visit}begin/").status_code == 302
    told = {"kind": "APPEAL", "language": "zh-hans", "request": REQUEST, "name": SENDER.name, "phone": SENDER.phone,
            "email": SENDER.email, "address": SENDER.address, "id_number": SENDER.id_number, "token": "c" * 32,
            "representatives": SENDER.representatives[0]}  # fmt: skip
    assert client.post(f"{visit}petition/", {**told, "representatives": "甲某\n乙某"}).status_code == 422
    answer = client.post(f"{visit}petition/", told)
    assert answer.status_code == 200 and "Receipt code" in answer.content.decode()
    assert client.post(f"{visit}end/", {"end": "LEFT"}).status_code == 422
    assert client.post(f"{visit}end/", {"end": "HEARD", "conduct": "来访人情绪平稳。"}).status_code == 302
    for address in (visit, reverse("general_office:petition_visits")):
        html = client.get(address).content.decode().lower()
        assert not any(word in html for word in WORDS)


@pytest.mark.django_db
def test_the_waiting_room_shows_numbers_without_a_sign_in(cast: Any, client: Any) -> None:
    place = a_place(cast)
    arrived(cast, place)
    arrived(cast, place)
    called(cast, place)
    answer = client.get(reverse("general_office:petition_waiting", args=[place.screen]))
    html = answer.content.decode()
    assert answer.status_code == 200 and answer["Refresh"] == "10" and "1 number waits." in html
    assert client.get(reverse("general_office:petition_waiting", args=[uuid.uuid4()])).status_code == 404
    assert client.get(reverse("general_office:petition_visits")).status_code == 302


@pytest.mark.django_db
def test_places_are_named_on_the_page(cast: Any, client_as: Any) -> None:
    client = client_as(cast.office_head)
    told = {"name_en": "Hall", "name_zh": "接待室", "address": "Sample Street 2"}
    assert client.post(reverse("general_office:petition_place_name"), told).status_code == 302
    with acting_as(cast.office_head):
        place = PetitionPlace.objects.get()
    hours = {"weekdays": [0, 1], "opens": "09:00", "closes": "11:00", "opens_again": "14:00", "closes_again": ""}
    address = reverse("general_office:petition_place_hours", args=[place.pk])
    assert client.post(address, hours).status_code == 422
    assert client.post(address, {**hours, "closes_again": "16:00"}).status_code == 302
    assert (
        client.post(reverse("general_office:petition_place_room", args=[place.pk]), {"name": "101"}).status_code == 302
    )
    html = client.get(reverse("general_office:petition_places")).content.decode()
    assert "Monday, Tuesday 14:00–16:00" in html and "101" in html
    assert client_as(cast.petition_registrar).get(address).status_code == 403
    assert client.post(reverse("general_office:petition_place_close", args=[place.pk])).status_code == 302
