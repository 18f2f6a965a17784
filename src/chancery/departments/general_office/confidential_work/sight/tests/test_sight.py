"""The report of who may see what agrees with what everybody really sees; readings are logged once, and stay."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from chancery.departments.general_office.confidential_work.sight import queries
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal.models import Entry
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access import services as access
from chancery.kernel.access.absence.services import declare_absence
from chancery.kernel.access.models import Guard, Reading
from chancery.kernel.access.readings import services as readings
from chancery.kernel.access.readings.queries import who_sees
from chancery.kernel.access.readings.terms import How
from chancery.kernel.records import services as records

SIGHT = "/general-office/confidential/sight"


def hats(cast):
    return [cast.under(key, unit) for key, unit in cast.posts]


def really(cast, guard_id):
    """Which hats see the guard, asked of row security itself."""
    found = set()
    for actor in hats(cast):
        with acting_as(actor), transaction.atomic():
            if Guard.objects.filter(pk=guard_id).exists():
                found.add((actor.account_id, actor.post_id))
    return found


def guards(desk):
    """Guards of every sort: by opener, unit, reader, duty, label, scope, deputy; and one of the system's."""
    cast, at = desk.cast, desk.at
    made = [
        access.open_guard(unit_id=cast.units["PF"], label=10, by=cast.handler, at=at),
        access.open_guard(unit_id=cast.units["GO"], label=20, by=cast.registrar, at=at),
        access.open_guard(unit_id=cast.units["IA"], label=30, by=cast.classifier, at=at),
        access.open_guard(
            unit_id=cast.units["SP"], label=20, scope="incoming_document", by=cast.science_handler, at=at
        ),
        access.open_guard(unit_id=cast.units["EC"], label=20, by=SYSTEM, at=at),
    ]
    access.add_reader(guard_id=made[1].pk, post_id=cast.posts["outsider", "IA"], how="test", by=cast.registrar, at=at)
    access.add_reader(
        guard_id=made[1].pk, role="handler", unit_id=cast.units["AS"], how="test", by=cast.registrar, at=at
    )
    access.add_reader(
        guard_id=made[3].pk, role="co_handler", unit_id=cast.units["PF"], how="test", by=cast.science_handler, at=at
    )
    access.add_reader(guard_id=made[4].pk, role="leader", unit_id=cast.units["EC"], how="test", by=SYSTEM, at=at)
    today = clock.today()
    for absent, unit, deputy, other, scopes in (
        ("handler", "PF", "outsider", "IA", None),
        (
            "science_handler",
            "SP",
            "co_handler",
            "AS" if ("co_handler", "AS") in cast.posts else None,
            ["incoming_document"],
        ),
        ("office_head", "GO", "first_checker", "GO", None),
    ):
        other = other or next(code for key, code in cast.posts if key == deputy)
        declare_absence(
            absent_post_id=cast.posts[absent, unit], deputy_post_id=cast.posts[deputy, other], starts_on=today,
            ends_on=today + dt.timedelta(days=3), scopes=scopes, by=cast[absent], at=at,
        )  # fmt: skip
    return [guard.pk for guard in made]


def test_the_report_names_exactly_those_who_really_see(desk):
    asked = guards(desk)
    with acting_as(SYSTEM):
        asked += list(Guard.objects.filter(is_public=False).order_by("-id").values_list("pk", flat=True)[:10])
    for guard_id in asked:
        with acting_as(SYSTEM):
            told = {(one.account_id, one.post_id) for one in who_sees(guard_id)}
        assert told == really(desk.cast, guard_id), guard_id


def test_what_a_person_may_see_counts_what_they_really_see(desk):
    guards(desk)
    desk.held(desk.paper())
    for actor in hats(desk.cast):
        if actor.account_id is None:
            continue
        with acting_as(actor):
            really_seen = Guard.objects.filter(label__gte=20).count()
        with acting_as(desk.cast.confidential_officer):
            told = queries.of_person(actor.person_id, by=desk.cast.confidential_officer)
        assert really_seen in [hat.total for hat in told]


def test_the_report_names_nothing_beyond_the_askers_own_sight(desk, client_as):
    desk.held(desk.paper())
    registrar = desk.cast.registrar
    page = client_as(desk.cast.auditor).get(f"{SIGHT}/person/{registrar.person_id}/")
    assert page.status_code == 200
    told = page.content.decode()
    assert "学术年会" not in told
    assert "Thing 0" in told or "事项" in told
    with acting_as(SYSTEM):
        assert Entry.objects.filter(act="sight.asked_person", person_id=desk.cast.auditor.person_id).count() == 1


@pytest.mark.parametrize("address", ["", "person/1/", "thing/?guard=1"])
def test_only_some_may_ask_about_others(desk, client_as, address):
    assert client_as(desk.cast.handler).get(f"{SIGHT}/{address}").status_code == 403
    with acting_as(desk.cast.handler):
        assert who_sees(Guard.objects.order_by("id").values_list("pk", flat=True).first() or 0) == []


def test_a_thing_nobody_sees_or_that_is_not_there_answers_404(desk, client_as):
    officer = client_as(desk.cast.confidential_officer)
    assert officer.get(f"{SIGHT}/thing/?guard=999999999").status_code == 404
    assert officer.get(f"{SIGHT}/thing/?thing=general_office.incomingdocument:999999").status_code == 404
    assert officer.get(f"{SIGHT}/person/999999999/").status_code == 404


def test_readings_of_restricted_pages_and_files_are_logged_once_in_a_while(desk, client_as):
    document = desk.register()
    held = desk.held(f"general_office.incomingdocument:{document.pk}")
    by = desk.cast.registrar
    file = records.store_file(guard_id=held.guard_id, name="a.txt", content=io.BytesIO(b"words"), by=by, at=desk.at)
    client = client_as(by)
    for _again in range(3):
        client.get(_url("records:preview", file.pk))
        client.get(_url("records:file", file.pk))
        client.get(_url("procedures:matter", document.matter_id))
    with acting_as(SYSTEM):
        told = sorted(
            Reading.objects.filter(guard_id=held.guard_id, person_id=by.person_id).values_list("how", flat=True)
        )
    assert told == ["DOWNLOAD", "PAGE", "PREVIEW"]
    with clock.fixed_at(clock.now() + dt.timedelta(minutes=11)):
        client.get(_url("records:file", file.pk), headers={"If-None-Match": f'"{file.sha256}"'})
    with acting_as(SYSTEM):
        assert Reading.objects.filter(guard_id=held.guard_id, how="DOWNLOAD").count() == 2


def _url(name, key):
    return reverse(name, args=[key])


def test_internal_pages_leave_no_reading(desk, client_as):
    document = desk.register()
    client_as(desk.cast.registrar).get(_url("procedures:matter", document.matter_id))
    with acting_as(SYSTEM):
        assert Reading.objects.count() == 0


def test_a_reading_stays_and_nobody_writes_one_for_another(desk):
    held = desk.held(desk.paper())
    by = desk.cast.registrar
    told = {"guard_id": held.guard_id, "label": 20, "subject": "x.y:1", "how": How.PAGE, "at": desk.at}
    assert readings.note_reading(**told, by=by)
    assert not readings.note_reading(**told, by=by)
    for sql in (
        "update access_reading set how = 'API'",
        "delete from access_reading",
        "insert into access_reading (guard_id, label, subject, how, at) values (1, 20, 'x', 'PAGE', now())",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), acting_as(by), transaction.atomic():
            connection.cursor().execute(sql)


def test_a_read_only_request_goes_on(desk):
    held = desk.held(desk.paper())
    with acting_as(desk.cast.registrar), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("savepoint before_it")
        cursor.execute("set transaction read only")
        assert not readings.note_reading(
            guard_id=held.guard_id, label=20, subject="x.y:2", how=How.PAGE, by=desk.cast.registrar, at=desk.at
        )
        cursor.execute("rollback to savepoint before_it")


def test_the_log_shows_ones_own_to_each_the_units_to_its_head_and_all_to_the_officer(desk, client_as):
    held = desk.held(desk.paper())
    readings.note_reading(
        guard_id=held.guard_id, label=20, subject="x.y:1", how=How.PAGE, by=desk.cast.registrar, at=desk.at
    )
    readings.note_reading(
        guard_id=held.guard_id, label=20, subject="x.y:1", how=How.PAGE, by=desk.cast.classifier, at=desk.at
    )
    for who, count in (("registrar", 2), ("office_head", 2), ("confidential_officer", 2), ("auditor", 2),
                       ("classifier", 2), ("handler", 0)):  # fmt: skip
        with acting_as(getattr(desk.cast, who)):
            assert Reading.objects.count() == count, who
    page = client_as(desk.cast.auditor).get(f"{SIGHT}/readings/")
    assert page.status_code == 200
    assert "学术年会" not in page.content.decode()
    assert client_as(desk.cast.auditor).get(f"{SIGHT}/readings/?export=csv").status_code == 200
