"""The yearly review: the unit decides on every level, the authority signs; undefined matters are reported in time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from chancery.departments.general_office.confidential_work.classification import queries as levels
from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.confidential_work.review import queries, services
from chancery.departments.general_office.confidential_work.review.models import ReviewEntry, YearlyReview
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.calendar import queries as calendar

PAGES = "/general-office/confidential/reviews"


@pytest.fixture
def listed(desk):
    """Three levels of the General Office, and the year's list of them."""
    held = [
        desk.held(desk.paper(sender_number=f"样天学字〔2026〕{serial}号"), level=level)
        for serial, level in ((1, "RESTRICTED"), (2, "RESTRICTED"), (3, "RESTRICTED"))
    ]
    assert services.open_reviews(year=2026, by=desk.cast.confidential_officer, at=desk.tick()) == 1
    assert services.open_reviews(year=2026, by=SYSTEM, at=desk.tick()) == 0
    with acting_as(SYSTEM):
        review = YearlyReview.objects.get()
        return desk, review, held, {e.classification_id: e.pk for e in ReviewEntry.objects.filter(review=review)}


def decide(desk, entry, decision, who="registrar", reason="Looked at.", **more):
    return services.decide_entry(
        entry_id=entry, decision=decision, reason=reason, by=getattr(desk.cast, who), at=desk.tick(), **more
    )


def refused(act, field=None):
    with pytest.raises(Refused) as told, transaction.atomic():
        act()
    assert told.value.field == field, told.value


def test_the_unit_decides_and_the_authority_signs(listed):
    desk, review, held, entries = listed
    keep, lower, end = held
    decide(desk, entries[keep.pk], "KEEP")
    refused(lambda: services.hand_in(review_id=review.pk, by=desk.cast.registrar, at=desk.tick()))
    decide(desk, entries[lower.pk], "CHANGE", new_level="INTERNAL")
    decide(desk, entries[end.pk], "DECLASSIFY")
    refused(lambda: services.sign(review_id=review.pk, by=desk.cast.classifier, at=desk.tick()))
    services.hand_in(review_id=review.pk, by=desk.cast.registrar, at=desk.tick())
    refused(lambda: decide(desk, entries[keep.pk], "DECLASSIFY"))
    refused(lambda: services.sign(review_id=review.pk, by=desk.cast.office_head, at=desk.tick()))
    signed = services.sign(review_id=review.pk, by=desk.cast.classifier, at=desk.tick())
    assert signed.state == "SIGNED"
    for of in held:
        desk.look_again(of)
    assert [of.state for of in held] == ["IN_FORCE", "REPLACED", "DECLASSIFIED"]
    with acting_as(SYSTEM):
        now = levels.in_force(lower.key)
        assert (now.level, now.until, now.kind) == ("INTERNAL", lower.until, "CHANGE")
        assert levels.in_force(end.key) is None
    assert (desk.label(keep), desk.label(lower), desk.label(end)) == (20, 10, 10)
    refused(lambda: services.sign(review_id=review.pk, by=desk.cast.classifier, at=desk.tick()))


def test_each_refusal_stands_at_its_field(listed):
    desk, _review, held, entries = listed
    entry = entries[held[0].pk]
    refused(lambda: decide(desk, entry, "KEEP", reason=" "), "reason")
    refused(lambda: decide(desk, entry, "SOMETHING"), "decision")
    refused(lambda: decide(desk, entry, "CHANGE", new_level="CONFIDENTIAL"), "new_level")
    with pytest.raises(Refused), transaction.atomic():
        decide(desk, entry, "KEEP", who="outsider")


def test_the_database_keeps_a_signed_review(listed):
    desk, review, held, entries = listed
    with pytest.raises(IntegrityError), acting_as(SYSTEM), transaction.atomic():
        YearlyReview.objects.filter(pk=review.pk).update(state="DECIDED")  # nothing was decided yet
    for of in held:
        decide(desk, entries[of.pk], "KEEP")
    services.hand_in(review_id=review.pk, by=desk.cast.registrar, at=desk.tick())
    with pytest.raises(IntegrityError), acting_as(SYSTEM), transaction.atomic():
        ReviewEntry.objects.filter(review=review).update(reason="another")
    with pytest.raises(IntegrityError), acting_as(desk.cast.registrar), transaction.atomic():
        YearlyReview.objects.filter(pk=review.pk).update(
            state="SIGNED", signed_at=desk.at, signed_person_id=desk.cast.office_head.person_id
        )


def test_pages_of_the_review(listed, client_as):
    desk, review, held, entries = listed
    registrar = client_as(desk.cast.registrar)
    assert registrar.get(f"{PAGES}/").status_code == 200
    page = f"{PAGES}/{review.pk}/"
    assert registrar.get(page).status_code == 200
    entry = entries[held[0].pk]
    wrong = registrar.post(page, {"entry": entry, f"e{entry}-decision": "KEEP", f"e{entry}-reason": ""})
    assert wrong.status_code == 422
    assert f'id="id_e{entry}-reason_error"'.encode() in wrong.content
    for of in held:
        entry = entries[of.pk]
        sent = registrar.post(page, {"entry": entry, f"e{entry}-decision": "KEEP", f"e{entry}-reason": "Still so."})
        assert sent.status_code == 302
    assert registrar.post(f"{page}hand-in/").status_code == 302
    classifier = client_as(desk.cast.classifier)
    assert classifier.get(page).context["may_sign"]
    assert classifier.post(f"{page}sign/", {"note": "Seen."}).status_code == 302
    for address in (page, f"{page}sign/", f"{page}hand-in/"):
        outsider = client_as(desk.cast.outsider)
        answer = outsider.post(address) if "-" in address or "sign" in address else outsider.get(address)
        assert answer.status_code == 404
    assert client_as(desk.cast.handler).post(f"{PAGES}/open/").status_code == 403
    for kind in ("csv", "xlsx"):
        assert registrar.get(f"{PAGES}/?export={kind}").status_code == 200


def test_what_expires_is_amber_and_red_by_the_rulebook(desk):
    held = desk.held(desk.paper(), years=1)
    amber = rulebook.days("classification.amber.days", on=desk.at.date())
    for days, tone in ((amber + 1, "ON_TIME"), (amber, "AMBER"), (0, "RED")):
        with acting_as(SYSTEM):
            row = queries.expiring(held.until - dt.timedelta(days=days)).get(pk=held.pk)
        assert row.until_lateness == tone, days


def test_an_undefined_matter_is_reported_within_the_rulebooks_days(desk, client_as):
    subject = desk.paper()
    by = desk.cast.registrar
    told = {"subject": subject, "question": "Do the names count?", "provisional_level": "RESTRICTED"}
    refused(lambda: services.raise_undefined(**{**told, "question": " "}, by=by, at=desk.tick()), "question")
    refused(
        lambda: services.raise_undefined(**{**told, "provisional_level": ""}, by=by, at=desk.tick()),
        "provisional_level",
    )
    refused(lambda: services.raise_undefined(**{**told, "subject": ""}, by=by, at=desk.tick()), "alias")
    made = services.raise_undefined(**told, by=by, at=desk.tick())
    period = rulebook.period("classification.undefined.days", on=clock.date_of(desk.at))
    assert made.due_on == calendar.due_date(clock.date_of(desk.at), period.count, period.unit).due_on
    answer = {"undefined_id": made.pk, "answer": "They do."}
    officer = desk.cast.confidential_officer
    refused(lambda: services.answer_undefined(**answer, by=officer, at=desk.tick()))
    refused(
        lambda: services.report_undefined(undefined_id=made.pk, reported_to="", by=by, at=desk.tick()), "reported_to"
    )
    client = client_as(by)
    page = f"{PAGES}/undefined/{made.pk}/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"reported_to": ""}).status_code == 422
    assert client.post(page, {"reported_to": "The bureau"}).status_code == 302
    assert client_as(officer).post(page, {"answer": "They do."}).status_code == 302
    assert client_as(desk.cast.outsider).get(page).status_code == 404
    assert client.get(f"{PAGES}/undefined/").status_code == 200
    assert client.get(f"{PAGES}/undefined/new/?thing={subject}").status_code == 200
    assert (
        client.post(f"{PAGES}/undefined/new/", {"question": "Which?", "provisional_level": "SECRET"}).status_code == 422
    )
    sent = client.post(f"{PAGES}/undefined/new/", {"alias": "C-3", "question": "Which?", "provisional_level": "SECRET"})
    assert sent.status_code == 302


def test_levels_of_a_review_belong_to_the_unit(listed):
    _desk, review, held, entries = listed
    with acting_as(SYSTEM):
        assert set(entries) == set(
            Classification.objects.filter(unit_id=review.unit_id, state="IN_FORCE").values_list("pk", flat=True)
        )
    assert len(held) == 3
