"""What went out is corrected by a later paper, superseded, or withdrawn by two people; everyone who has it is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from chancery.departments.general_office.incoming_documents.inside import services as inside
from chancery.departments.general_office.incoming_documents.inside.models import SenderNote
from chancery.departments.general_office.outgoing_documents.correction import queries, services
from chancery.departments.general_office.outgoing_documents.correction.models import RelationEffect, Withdrawal
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument, Relation
from chancery.departments.general_office.outgoing_documents.tests.house import House, token_in
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures.models import Mail, Notice
from chancery.kernel.publishing.verification.models import Issued

pytestmark = pytest.mark.cn  # papers, numbers and register of the Chinese profile

SCHOOL = {"part": "MAIN", "name": "样例大学", "email": "office@example.org"}


def verification_state(paper: OutgoingDocument) -> str:
    with acting_as(SYSTEM):
        return Issued.objects.get(subject=f"general_office.OutgoingDocument:{paper.pk}").state


def withdrawn(house: House, paper: OutgoingDocument) -> OutgoingDocument:
    asked = services.ask_withdrawal(document_id=paper.pk, reason="依据有误。", by=house.cast.drafter, at=house.tick())
    return services.confirm_withdrawal(withdrawal_id=asked.pk, by=house.cast.leader, at=house.tick())


def test_a_withdrawal_takes_two_and_tells_everyone(house: House) -> None:
    paper = house.released(units=("AS", "GO"), outside=(SCHOOL,))
    unit, office, school = house.sent(paper)
    inside.open_copy(document_id=unit.incoming_id, by=house.cast.receiver, at=house.tick())
    with acting_as(SYSTEM):
        token = token_in(Mail.objects.latest("id").text)
    withdrawn(house, paper)
    with acting_as(SYSTEM):
        paper.refresh_from_db()
        assert (paper.state, paper.end_reason) == ("WITHDRAWN", "依据有误。")
        assert SenderNote.objects.get().document_id == unit.incoming_id
        assert Notice.objects.filter(post_id=house.cast.receiver.post_id, kind="RECALLED").exists()
        told = Mail.objects.latest("id")
    assert (told.to_email, paper.number in told.text) == (SCHOOL["email"], True)
    assert house.now(unit).state == "EXPLAINED"  # it was opened: it stays, with the note
    assert house.now(office).state == "RECALLED"  # nobody had opened it
    assert house.now(school).state == "RECALLED"
    assert Client().get(f"/general-office/letters/{token}/").status_code == 404
    assert verification_state(paper) == "WITHDRAWN"


def test_who_asks_does_not_confirm_and_below_the_signers_level_nobody_does(house: House) -> None:
    paper = house.released()
    asked = services.ask_withdrawal(document_id=paper.pk, reason="依据有误。", by=house.cast.registrar, at=house.tick())
    for who in ("registrar", "drafter"):
        with pytest.raises(Refused):
            services.confirm_withdrawal(withdrawal_id=asked.pk, by=getattr(house.cast, who), at=house.tick())
    with pytest.raises(Refused):
        services.confirm_withdrawal(withdrawal_id=asked.pk, by=house.cast.outsider, at=house.tick())
    with pytest.raises(Refused, match="already"):
        services.ask_withdrawal(document_id=paper.pk, reason="再次。", by=house.cast.drafter, at=house.tick())
    with pytest.raises(Refused):
        services.refuse_withdrawal(withdrawal_id=asked.pk, note="", by=house.cast.leader, at=house.tick())
    services.refuse_withdrawal(withdrawal_id=asked.pk, note="继续有效。", by=house.cast.leader, at=house.tick())
    with pytest.raises(Refused):
        services.confirm_withdrawal(withdrawal_id=asked.pk, by=house.cast.leader, at=house.tick())
    with acting_as(SYSTEM):
        assert OutgoingDocument.objects.get(pk=paper.pk).state == "RELEASED"


def test_a_signer_who_asks_cannot_confirm_it_alone(house: House) -> None:
    from dataclasses import replace

    paper = house.released()
    with acting_as(SYSTEM):
        asked = Withdrawal.objects.create(
            document=paper, reason="x", asked_at=house.at, asked_person_id=house.cast.leader.person_id
        )
    with pytest.raises(Refused, match="does not confirm"):
        services.confirm_withdrawal(withdrawal_id=asked.pk, by=house.cast.leader, at=house.tick())
    with pytest.raises(Refused):
        other = replace(house.cast.leader, person_id=house.cast.outsider.person_id, post_id=None)
        services.confirm_withdrawal(withdrawal_id=asked.pk, by=other, at=house.tick())


def test_only_those_with_a_part_in_it_ask(house: House) -> None:
    paper = house.released()
    for who in ("leader", "outsider"):
        with pytest.raises(Refused):
            services.ask_withdrawal(
                document_id=paper.pk, reason="不同意。", by=getattr(house.cast, who), at=house.tick()
            )


def test_a_later_paper_takes_effect_once_and_the_recipients_of_the_earlier_one_are_told(house: House) -> None:
    first = house.released(units=("AS",), outside=(SCHOOL,))
    house.sent(first)
    second = house.released(title="关于调整预算编制工作的通知", relations=(("SUPERSEDES", first),))
    with acting_as(SYSTEM):
        assert services.note_relations(document_id=second.pk, by=SYSTEM, at=house.tick()) == 1
        assert services.note_relations(document_id=second.pk, by=SYSTEM, at=house.tick()) == 0
        note = SenderNote.objects.get()
        assert (note.kind, note.number) == ("SUPERSEDED", second.number)
        assert RelationEffect.objects.get().told == 2
        assert second.number in Mail.objects.latest("id").text
        told = queries.succeeded_by(OutgoingDocument.objects.get(pk=first.pk))
    assert told is not None
    assert told["number"] == second.number
    assert (verification_state(first), verification_state(second)) == ("SUPERSEDED", "GENUINE")


def test_a_restricted_successor_is_named_by_its_number_alone(house: House) -> None:
    first = house.released()
    house.sent(first)
    second = house.released(title="关于某项调整的通知", relations=(("ABOLISHES", first),), label=20)
    with acting_as(SYSTEM):
        services.note_relations(document_id=second.pk, by=SYSTEM, at=house.tick())
        note = SenderNote.objects.get()
    assert (note.number, note.text) == (second.number, "")


def test_a_correction_is_a_new_draft_that_names_the_old_paper(house: House) -> None:
    paper = house.released()
    draft = services.begin_correction(document_id=paper.pk, by=house.cast.drafter, at=house.tick())
    with acting_as(house.cast.drafter):
        relation = Relation.objects.get(document=draft)
        assert (relation.kind, relation.earlier_id) == ("CORRECTS", paper.pk)
        assert (draft.state, draft.number) == ("DRAFT", "")
        chain = queries.chain(draft)
    assert [(row["words"], row["earlier"]["number"]) for row in chain] == [("Corrects", paper.number)]
    with acting_as(SYSTEM):
        paper.refresh_from_db()
    assert paper.state == "RELEASED"


def test_a_withdrawn_paper_is_neither_corrected_nor_sent(house: House) -> None:
    paper = house.released()
    withdrawn(house, paper)
    with pytest.raises(Refused):
        services.begin_correction(document_id=paper.pk, by=house.cast.drafter, at=house.tick())
    with pytest.raises(Refused):
        house.sent(paper)


def test_the_documents_page_asks_and_decides(house: House, client_as: Any) -> None:
    paper = house.released()
    page = f"/general-office/outgoing/{paper.pk}/"
    assert client_as(house.cast.drafter).post(f"{page}withdraw/", {"reason": "依据有误。"}).status_code == 302
    with acting_as(SYSTEM):
        asked = Withdrawal.objects.get()
    decide = f"{page}withdraw/{asked.pk}/"
    assert client_as(house.cast.drafter).post(decide, {"decision": "confirm"}).status_code == 422
    assert client_as(house.cast.outsider).post(decide, {"decision": "confirm"}).status_code == 404
    shown = client_as(house.cast.leader).get(page)
    assert "依据有误。" in shown.text
    assert client_as(house.cast.leader).post(decide, {"decision": "confirm"}).status_code == 302
    with acting_as(SYSTEM):
        paper.refresh_from_db()
    assert paper.state == "WITHDRAWN"
