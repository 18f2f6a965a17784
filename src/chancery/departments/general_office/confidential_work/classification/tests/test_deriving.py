"""What is derived from a classified thing inherits its level and period, at once or as a proposal of the system's."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.confidential_work.classification import queries
from chancery.departments.general_office.confidential_work.classification.deriving.later import services as later
from chancery.departments.general_office.confidential_work.classification.deriving.queries import derived_of
from chancery.departments.general_office.confidential_work.classification.effects import services as effects
from chancery.departments.general_office.incoming_documents.inside.models import Arrival
from chancery.departments.general_office.incoming_documents.intake import services as intake
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.outgoing_documents import queries as outgoing
from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.models import ArchivalItem
from chancery.kernel.records.papertypes import queries as types


def answer(desk, number="样天学字〔2026〕8号"):
    """A draft of another unit that answers the paper."""
    by = desk.cast.drafter
    relation = {"kind": "ANSWERS", "earlier_id": None, "earlier_number": number, "earlier_title": "", "note": ""}
    draft = drafting.open_draft(paper_type=_a_type(desk), by=by, at=desk.tick())
    return drafting.save_draft(
        document_id=draft.pk, facts={"title": "复函", "relations": [relation]}, by=by, at=desk.tick()
    )


def _document(subject):
    with acting_as(SYSTEM):
        return IncomingDocument.objects.get(pk=subject.split(":")[1])


def _a_type(desk):
    return types.holding(desk.at.date())[0].code


def test_an_answer_and_a_copy_and_the_filed_item_inherit(desk):
    subject = desk.paper()
    draft = answer(desk)
    with acting_as(SYSTEM):
        copy = desk.paper(sender_number="样天学字〔2026〕9号")
        Arrival.objects.create(
            document_id=copy.split(":")[1], source=outgoing.subject_of(draft),
            unit_id=desk.cast.units["GO"], arrived_at=desk.at,
        )  # fmt: skip
    (item,) = filed(desk.cast, subject=intake.subject_of(_document(subject)))  # files of its own guard, listed for all
    with acting_as(SYSTEM):
        heirs = {heir.thing.subject: heir.how for heir in derived_of(subject)}
    assert heirs == {
        f"general_office.outgoingdocument:{draft.pk}": "ANSWER",
        copy: "COPY",
        f"records.archivalitem:{item.pk}": "ARCHIVED",
    }
    held = desk.held(subject, audience_units=[desk.cast.units["PF"]])
    with acting_as(SYSTEM):
        for heir in heirs:
            thing = queries.thing(heir)
            own = queries.in_force(queries.key_of(thing.guard_id))
            assert (thing.label, own.level, own.until, own.derived_from_id) == (20, "RESTRICTED", held.until, held.pk)
        now = ArchivalItem.objects.get(pk=item.pk)
        assert (now.label, now.guard_id) == (20, now.content_guard_id)  # the catalogue no longer lists it for all
        assert IncomingDocument.objects.get(pk=copy.split(":")[1]).label == 20
    with acting_as(desk.cast.outsider):
        assert not ArchivalItem.objects.filter(pk=item.pk).exists()
    # They fall with it.
    after = dt.datetime.combine(held.until, dt.time(4), dt.UTC) + dt.timedelta(days=1)
    with clock.fixed_at(after):
        assert effects.declassify_expired(by=SYSTEM, at=after) == 4
    with acting_as(desk.cast.outsider):
        assert ArchivalItem.objects.filter(pk=item.pk).exists()


def test_a_level_of_its_own_that_is_as_high_stays(desk):
    subject = desk.paper()
    draft = answer(desk)
    own = desk.held(f"general_office.outgoingdocument:{draft.pk}", who="drafter", years=1)
    desk.held(subject)
    desk.look_again(own)
    assert own.state == "IN_FORCE"


def test_early_declassification_carries_to_what_inherited(desk):
    subject = desk.paper()
    draft = answer(desk)
    desk.held(subject)
    end = desk.held(subject, kind="DECLASSIFY", level="")
    with acting_as(SYSTEM):
        thing = queries.thing(f"general_office.outgoingdocument:{draft.pk}")
        assert thing.label == 10
        assert queries.in_force(queries.key_of(thing.guard_id)) is None
    assert desk.label(end) == 10


def test_what_came_later_is_proposed_by_the_system_once(desk):
    held = desk.held(desk.paper())
    draft = answer(desk)
    assert later.propose_for_heirs(by=SYSTEM, at=desk.tick()) == 1
    assert later.propose_for_heirs(by=SYSTEM, at=desk.tick()) == 0
    with acting_as(SYSTEM):
        proposed = queries.pending(queries.key_of(draft.guard_id))
    assert (proposed.level, proposed.until, proposed.derived_from_id) == ("RESTRICTED", held.until, held.pk)
    desk.decide(proposed)
    with acting_as(SYSTEM):
        assert queries.thing(f"general_office.outgoingdocument:{draft.pk}").label == 20
