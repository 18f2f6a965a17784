"""A level is proposed by one person and decided by another; it binds the thing and what is derived from it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from chancery.departments.general_office.confidential_work.classification import queries, services
from chancery.departments.general_office.confidential_work.classification.effects import services as effects
from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.confidential_work.classification.tests.desk import GROUNDS, in_days
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal.models import Entry
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.models import Guard, GuardReader
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.records.models import SearchEntry


def refused(act, field):
    with pytest.raises(Refused) as told, transaction.atomic():
        act()
    assert told.value.field == field, told.value
    return str(told.value)


def test_an_approved_level_labels_the_thing_and_lets_its_audience_read(desk):
    subject = desk.paper()
    proposed = desk.propose(
        subject, audience_units=[desk.cast.units["SP"]], audience_posts=[desk.cast.posts["outsider", "IA"]]
    )
    assert desk.label(proposed) == 10  # a proposal changes nothing yet
    with acting_as(desk.cast.outsider):
        assert queries.thing(subject) is None
    in_force = desk.decide(proposed)
    assert in_force.state == "IN_FORCE"
    assert desk.label(in_force) == 20
    with acting_as(SYSTEM):
        assert queries.thing(subject).label == 20
        assert set(SearchEntry.objects.filter(guard_id=in_force.guard_id).values_list("label", flat=True)) == {20}
        assert GuardReader.objects.filter(guard_id=in_force.guard_id, how="audience").count() == 3
        acts = list(
            Entry.objects.filter(subject=f"general_office.classification:{in_force.pk}").values_list("act", flat=True)
        )
        assert acts == ["classification.proposed", "classification.approved"]
    with acting_as(desk.cast.outsider):
        assert queries.thing(subject) is not None
    with acting_as(desk.cast.science_handler):
        assert queries.thing(subject) is not None


def test_the_authority_finds_the_proposal_among_its_tasks(desk):
    proposed = desk.propose(desk.paper())
    with acting_as(SYSTEM):
        (task,) = procedures.open_tasks(proposed.matter_id)
    assert task["step"] == "decide"
    with acting_as(desk.cast.classifier):
        assert queries.decision(proposed.pk) is not None


def test_nobody_decides_what_they_proposed_even_under_another_hat(desk):
    subject = desk.paper()
    proposed = desk.propose(subject, who="classifier") if _sees(desk, subject, "classifier") else None
    if proposed is None:
        with acting_as(SYSTEM):
            guard = Guard.objects.get(pk=queries.thing(subject).guard_id)
            GuardReader.objects.create(
                guard=guard, post_id=desk.cast.posts["classifier", "GO"], how="test", since=desk.at
            )
        proposed = desk.propose(subject, who="classifier")
    with pytest.raises(Refused, match="another hat"), transaction.atomic():
        desk.decide(proposed)
    # Raw SQL as the web role fares no better.
    with pytest.raises(IntegrityError), acting_as(desk.cast.classifier), transaction.atomic():
        Classification.objects.filter(pk=proposed.pk).update(
            state="IN_FORCE", decided_at=desk.at, decided_person_id=desk.cast.classifier.person_id
        )


def _sees(desk, subject, who):
    with acting_as(getattr(desk.cast, who)):
        return queries.thing(subject) is not None


def test_only_the_authority_decides(desk):
    proposed = desk.propose(desk.paper())
    with pytest.raises(Refused), transaction.atomic():
        desk.decide(proposed, who="office_head")
    with pytest.raises(IntegrityError), acting_as(desk.cast.office_head), transaction.atomic():
        Classification.objects.filter(pk=proposed.pk).update(
            state="IN_FORCE", decided_at=desk.at, decided_person_id=desk.cast.office_head.person_id
        )


def test_a_refusal_needs_its_reason_and_changes_nothing(desk):
    proposed = desk.propose(desk.paper())
    with pytest.raises(Refused), transaction.atomic():
        desk.decide(proposed, "REFUSE")
    refused_one = desk.decide(proposed, "REFUSE", note="Nothing in it that harms.")
    assert (refused_one.state, refused_one.decision_note) == ("REFUSED", "Nothing in it that harms.")
    assert desk.label(refused_one) == 10


def test_a_level_without_basis_or_over_its_cap_is_refused_at_its_field(desk):
    subject = desk.paper()
    refused(lambda: desk.propose(subject, basis_clause=""), "basis_clause")
    refused(lambda: desk.propose(subject, basis_clause="made-up"), "basis_clause")
    refused(lambda: desk.propose(subject, basis_text=" "), "basis_text")
    refused(lambda: desk.propose(subject, level="TOP_SECRET"), "level")
    cap = queries.cap("THING", "RESTRICTED", desk.at.date())
    assert str(cap) in refused(lambda: desk.propose(subject, years=cap + 1), "years")
    refused(lambda: desk.propose(subject, years=None), "years")
    late = desk.at.date().replace(year=desk.at.year + cap) + dt.timedelta(days=1)
    refused(lambda: desk.propose(subject, period_kind="DATE", until=late), "until")
    refused(lambda: desk.propose(subject, period_kind="DATE", until=None), "until")
    refused(lambda: desk.propose(subject, period_kind="CONDITION", condition=""), "condition")
    refused(lambda: desk.propose(subject, starts_on=in_days(desk, 2)), "starts_on")
    assert desk.propose(subject, years=cap).state == "PROPOSED"


def test_the_database_keeps_the_cap_and_the_words_of_a_decision(desk):
    of = desk.held(desk.paper())
    with acting_as(SYSTEM), pytest.raises(IntegrityError), transaction.atomic():
        Classification.objects.create(
            guard=of.guard, unit=of.unit, target="THING", key="guard:0", subject="x.y:1", title="t", kind="CLASSIFY",
            level="RESTRICTED", basis_clause="other", basis_text="x", period_kind="DATE", starts_on=of.starts_on,
            until=of.starts_on.replace(year=of.starts_on.year + 11), cap_years=10, proposed_at=desk.at,
        )  # fmt: skip
    for column in ("until", "level", "basis_text", "starts_on"):
        told = f"update general_office_classification set {column} = {column} where id = %s"
        with pytest.raises(ProgrammingError, match="permission denied"), acting_as(SYSTEM), transaction.atomic():
            connection.cursor().execute(told, [of.pk])
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(SYSTEM), transaction.atomic():
        Classification.objects.filter(pk=of.pk).delete()


def test_what_is_public_is_not_marked(desk):
    subject = desk.paper()
    with acting_as(SYSTEM):
        guard_id = queries.thing(subject).guard_id
        Guard.objects.filter(pk=guard_id).update(is_public=True)
    refused(lambda: desk.propose(subject), "level")


def test_nobody_proposes_a_level_above_their_own_clearance(desk):
    refused(lambda: desk.propose(desk.paper(), level="CONFIDENTIAL"), "level")


def test_a_marking_of_state_secrets_in_the_grounds_is_refused(desk):
    refused(lambda: desk.propose(desk.paper(), basis_text="机密★20年"), "basis_text")


def test_what_one_may_not_see_is_not_there(desk):
    subject = desk.paper()
    with pytest.raises(services.NoSuchThing):
        desk.propose(subject, who="outsider")
    with pytest.raises(services.NoSuchThing):
        desk.propose("general_office.incomingdocument:999999999")
    with pytest.raises(services.NoSuchThing):
        desk.propose("auth.user:1")


def test_one_proposal_at_a_time(desk):
    subject = desk.paper()
    desk.propose(subject)
    refused(lambda: desk.propose(subject, level="INTERNAL", years=1), "level")


def test_a_proposal_is_withdrawn_by_whoever_made_it(desk):
    subject = desk.paper()
    of = desk.propose(subject)
    with pytest.raises(Refused), transaction.atomic():
        services.withdraw(classification_id=of.pk, by=desk.cast.classifier, at=desk.tick())
    assert services.withdraw(classification_id=of.pk, by=desk.cast.registrar, at=desk.tick()).state == "WITHDRAWN"
    assert desk.propose(subject).state == "PROPOSED"


def test_a_change_replaces_the_level_in_force(desk):
    subject = desk.paper()
    first = desk.held(subject)
    refused(lambda: desk.propose(subject), "level")  # the same again
    changed = desk.held(subject, level="INTERNAL", years=2)
    desk.look_again(first)
    assert (first.state, changed.state, changed.kind, changed.previous_id) == (
        "REPLACED",
        "IN_FORCE",
        "CHANGE",
        first.pk,
    )
    assert desk.label(changed) == 10


def test_an_extension_comes_before_expiry_and_stays_within_the_cap(desk):
    subject = desk.paper()
    first = desk.held(subject, years=3)
    cap = queries.cap("THING", "RESTRICTED", desk.at.date())
    refused(lambda: desk.propose(subject, kind="EXTEND", years=2), "until")  # no later than now
    refused(lambda: desk.propose(subject, kind="EXTEND", years=cap + 1), "years")
    longer = desk.held(subject, kind="EXTEND", years=5)
    assert longer.until == first.starts_on.replace(year=first.starts_on.year + 5)
    expired = dt.datetime.combine(longer.until, dt.time(4), dt.UTC) + dt.timedelta(days=1)
    with clock.fixed_at(expired):
        desk.at = expired
        refused(lambda: desk.propose(subject, kind="EXTEND", years=6), "until")


def test_it_declassifies_itself_on_the_day_after_the_last(desk):
    of = desk.held(desk.paper(), years=1, audience_posts=[desk.cast.posts["outsider", "IA"]])
    last = dt.datetime.combine(of.until, dt.time(4), dt.UTC)
    assert _sweep(last) == 0
    assert _sweep(last + dt.timedelta(days=1)) == 1
    desk.look_again(of)
    assert of.state == "DECLASSIFIED"
    assert desk.label(of) == 10
    with acting_as(desk.cast.outsider):
        assert any(note for note in _notices(desk.cast.outsider))
    assert _sweep(last + dt.timedelta(days=2)) == 0


def _sweep(at):
    with clock.fixed_at(at):
        return effects.declassify_expired(by=SYSTEM, at=at)


def _notices(by):
    from chancery.kernel.procedures.notices.models import Notice

    return list(Notice.objects.filter(post_id=by.post_id).values_list("note", flat=True))


def test_declassified_early_by_decision(desk):
    subject = desk.paper()
    first = desk.held(subject)
    end = desk.held(subject, kind="DECLASSIFY", level="", reason="Published by the ministry.")
    desk.look_again(first)
    assert (first.state, end.state, desk.label(end)) == ("DECLASSIFIED", "DECLASSIFIED", 10)
    with acting_as(SYSTEM):
        assert queries.in_force(first.key) is None


def test_a_carrier_is_known_by_its_alias_alone(desk):
    told = {"alias": "B-17", "unit_id": desk.cast.units["GO"], "level": "TOP_SECRET", **GROUNDS}
    by = desk.cast.confidential_officer
    refused(lambda: services.propose_carrier(**told, years=31, by=by, at=desk.tick()), "years")
    refused(lambda: services.propose_carrier(**{**told, "alias": " "}, years=1, by=by, at=desk.tick()), "alias")
    of = services.propose_carrier(**told, years=30, by=by, at=desk.tick())
    refused(lambda: services.propose_carrier(**told, years=30, by=by, at=desk.tick()), "level")
    desk.decide(of)
    with acting_as(SYSTEM):
        held = queries.in_force_for_carrier(" b-17 ")
        assert (held.level, held.subject, held.guard.label) == ("TOP_SECRET", "", 20)
    with acting_as(desk.cast.outsider):
        assert queries.in_force_for_carrier("B-17") is None
