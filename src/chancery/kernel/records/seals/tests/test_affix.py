"""Putting a seal on a paper: what comes out, and everything that is refused."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.absence.services import declare_absence
from chancery.kernel.access.services import open_guard
from chancery.kernel.directory import services as directory
from chancery.kernel.records.seals import queries, rules, services
from chancery.kernel.records.seals.checking.queries import validate
from chancery.kernel.records.seals.models import SealUse
from chancery.kernel.records.seals.sealing.queries import CannotSeal
from chancery.kernel.records.seals.tests.office import NOON, SUBJECT, TEXT, TODAY, Place, affix, paper, register

TOMORROW = NOON + dt.timedelta(days=1)


def test_a_sealed_paper_says_whose_seal_is_on_it_and_is_intact(cast: Any, seal: Any) -> None:
    done = affix(cast, seal, paper())
    found = validate(done.pdf)
    assert found.problems == []
    assert (found.is_signed, found.is_intact, found.is_trusted, found.covers_whole_file) == (True, True, True, True)
    assert [(one.seal_code, one.signed_at, one.unit_en) for one in found.signers] == [("GO-1", NOON, "General Office")]


def test_the_log_says_what_was_sealed_who_approved_and_who_put_the_seal_on(cast: Any, seal: Any) -> None:
    done = affix(cast, seal, paper(), copies=12, witness_person_id=cast.registrar.person_id, subject_text="8号")
    with acting_as(cast.archivist):
        use = SealUse.objects.get(pk=done.use_id)
    assert (use.subject, use.subject_text, use.text_hash, use.sha256_after, use.copies) == (
        SUBJECT,
        "8号",
        TEXT,
        done.sha256,
        12,
    )
    people = (use.approver_person_id, use.keeper_person_id, use.witness_person_id)
    assert people == (cast.leader.person_id, cast.archivist.person_id, cast.registrar.person_id)
    with acting_as(cast.archivist):
        assert [line["act"] for line in journal.history(seal)] == ["seal.registered", "seal.used"]


def test_the_impression_is_seen_where_the_place_says_and_nowhere_else(cast: Any, seal: Any) -> None:
    done = affix(cast, seal, paper(), places=[Place(page=1, x_mm=100, y_mm=200)])
    pages = pypdfium2.PdfDocument(done.pdf)
    pages.init_forms()

    def inked(page: int) -> list[tuple[int, int]]:
        picture = pages[page].render(scale=2, may_draw_forms=True).to_pil().convert("RGB")
        wide, high = picture.size
        found = []
        for y in range(high):
            for x in range(wide):
                pixel = picture.getpixel((x, y))
                if max(pixel) - min(pixel) > 40:  # the text is black: what has a colour is the seal
                    found.append((x * 210 // wide, y * 297 // high))
        return found

    assert inked(0) == []
    spots = inked(1)
    assert len(spots) > 200
    assert all(99 <= x <= 142 and 199 <= y <= 242 for x, y in spots)


def test_a_sealed_paper_is_the_pdf_a_it_was(cast: Any, seal: Any) -> None:
    before = paper()
    done = affix(cast, seal, before)
    assert done.pdf.startswith(before)
    with pikepdf.open(io.BytesIO(before)) as old, pikepdf.open(io.BytesIO(done.pdf)) as new:
        assert new.Root.Metadata.read_raw_bytes() == old.Root.Metadata.read_raw_bytes()
        assert new.docinfo == old.docinfo
        assert new.pdf_version == old.pdf_version == "1.7"
        assert "/Version" not in new.Root
        assert [str(one.S) for one in new.Root.OutputIntents] == ["/GTS_PDFA1"]
        assert list(new.Root.Extensions.keys()) == ["/ESIC"]
        assert "/NeedAppearances" not in new.Root.AcroForm
        fonts = [one for one in new.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]
        descriptors = [one.FontDescriptor for one in fonts if "/FontDescriptor" in one]
        assert descriptors
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(one.keys()) for one in descriptors)
        forbidden = {"/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA", "/EmbeddedFiles", "/OC"}
        for one in new.objects:
            if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
                assert not forbidden & set(one.keys())
        (widget,) = new.pages[0].Annots
        assert int(widget.F) & 0b100  # printed
        assert not int(widget.F) & 0b11  # neither hidden nor invisible
        assert widget.AP.N.Subtype == "/Form"


def test_a_joint_paper_bears_one_seal_after_the_other_and_both_hold(cast: Any, seal: Any) -> None:
    other = register(
        cast,
        by=SYSTEM,
        code="PF-1",
        unit_id=cast.units["PF"],
        keeper_post_id=cast.handler.post_id,
        legal_name="中国科学技术协会计划财务部",
    )
    first = affix(cast, seal, paper(), places=[Place(x_mm=30)])
    second = affix(cast, other, first.pdf, by=cast.handler, places=[Place(x_mm=120)])
    assert second.pdf.startswith(first.pdf)
    found = validate(second.pdf)
    assert (found.problems, [one.seal_code for one in found.signers]) == ([], ["GO-1", "PF-1"])
    assert (found.is_intact, found.is_trusted, found.covers_whole_file) == (True, True, True)


def test_a_seal_goes_on_several_places_in_one_use(cast: Any, seal: Any) -> None:
    done = affix(cast, seal, paper(), places=[Place(), Place(page=1)])
    found = validate(done.pdf)
    assert (found.problems, len(found.signers), found.is_trusted) == ([], 2, True)
    with acting_as(cast.archivist):
        assert SealUse.objects.count() == 1
    with pikepdf.open(io.BytesIO(done.pdf)) as opened:
        names = [str(one.T) for one in opened.Root.AcroForm.Fields]
    assert len(set(names)) == 2


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approved", "says"), [("0" * 64, "changed after it was approved"), ("", "Nothing was approved yet")]
)
def test_a_text_that_is_not_the_approved_one_is_not_sealed_and_the_attempt_is_written_down(
    cast: Any, seal: Any, approved: str, says: str
) -> None:
    with pytest.raises(rules.TextChanged, match=says) as refused:
        affix(cast, seal, paper(), approved_hash=approved)
    assert (refused.value.field, "art. 24" in refused.value.basis) == ("text", True)
    with acting_as(cast.archivist):
        assert SealUse.objects.count() == 0
        (line,) = journal.history(f"records.sealrefusal:{seal.pk}")
    assert (line["act"], line["data"]["why"], line["data"]["text"]) == ("seal.refused", "TextChanged", TEXT)


def test_only_the_keeper_seals_not_the_head_of_the_unit_nor_the_registrar_nor_a_stranger(cast: Any, seal: Any) -> None:
    for other in (cast.registrar, cast.office_head, cast.outsider, cast.administrator):
        with pytest.raises(rules.NotKeeper, match="Only the keeper"):
            affix(cast, seal, paper(), by=other)
    with pytest.raises(Refused, match="no such seal"):
        services.affix(
            seal_id=999_999,
            pdf=paper(),
            places=[Place()],
            subject=SUBJECT,
            text_hash=TEXT,
            approved_hash=TEXT,
            approver_person_id=cast.leader.person_id,
            guard_id=seal.guard_id,
            by=cast.archivist,
            at=NOON,
        )


def test_the_system_seals_nothing(cast: Any, seal: Any) -> None:
    with pytest.raises(rules.NotKeeper):
        affix(cast, seal, paper(), by=SYSTEM)


def test_who_approved_does_not_seal(cast: Any, seal: Any) -> None:
    with pytest.raises(rules.KeeperIsApprover, match="approved this paper yourself"):
        affix(cast, seal, paper(), approver_person_id=cast.archivist.person_id)
    with pytest.raises(rules.KeeperIsApprover, match="Nobody has approved"):
        affix(cast, seal, paper(), approver_person_id=None)


def test_who_approved_under_one_hat_does_not_seal_under_another(cast: Any) -> None:
    kept = register(
        cast,
        by=SYSTEM,
        code="EC-1",
        unit_id=cast.units["EC"],
        keeper_post_id=cast.two_hats_enterprise.post_id,
        legal_name="企业合作办公室",
    )
    with pytest.raises(rules.KeeperIsApprover):
        affix(cast, kept, paper(), by=cast.two_hats_enterprise, approver_person_id=cast.two_hats.person_id)
    with pytest.raises(rules.NotKeeper):
        affix(cast, kept, paper(), by=cast.two_hats)


def _away(cast: Any, deputy: Any, scopes: list[str] | None = None) -> None:
    declare_absence(
        absent_post_id=cast.archivist.post_id,
        deputy_post_id=deputy.post_id,
        starts_on=TODAY,
        ends_on=TODAY,
        scopes=scopes,
        by=SYSTEM,
        at=NOON,
    )


def test_the_keepers_deputy_seals_during_the_absence_and_the_log_says_so(cast: Any, seal: Any) -> None:
    _away(cast, cast.first_checker)
    done = affix(cast, seal, paper(), by=cast.first_checker)
    with acting_as(cast.registrar):
        use = SealUse.objects.get(pk=done.use_id)
        line = journal.history(seal)[-1]
    assert (use.keeper_post_id, use.acting_post_id, use.keeper_person_id) == (
        cast.archivist.post_id,
        cast.first_checker.post_id,
        cast.first_checker.person_id,
    )
    assert line["deputising_for"] == cast.archivist.post_id


def test_a_deputy_who_approved_does_not_seal_either(cast: Any, seal: Any) -> None:
    _away(cast, cast.leader)
    with pytest.raises(rules.KeeperIsApprover):
        affix(cast, seal, paper(), by=cast.leader)


def test_a_deputy_for_other_work_only_does_not_seal(cast: Any, seal: Any) -> None:
    _away(cast, cast.first_checker, scopes=["incoming_document"])
    with pytest.raises(rules.NotKeeper):
        affix(cast, seal, paper(), by=cast.first_checker)


@pytest.mark.parametrize(("put_away", "says"), [("retire_seal", "was retired on"), ("seal_up", "was sealed up on")])
def test_a_seal_that_was_put_away_is_not_used(cast: Any, seal: Any, put_away: str, says: str) -> None:
    getattr(services, put_away)(seal_id=seal.pk, reason="worn out", by=cast.registrar, at=NOON)
    with pytest.raises(rules.SealNotInUse, match=says):
        affix(cast, seal, paper())


def test_a_seal_is_not_used_before_or_after_its_days(cast: Any) -> None:
    early = register(cast, code="GO-2", valid_from=TODAY + dt.timedelta(days=1))
    late = register(cast, code="GO-3", valid_from=TODAY, valid_to=TODAY)
    with pytest.raises(rules.SealNotInUse, match="only from 2026-11-24"):
        affix(cast, early, paper())
    with clock.fixed_at(TOMORROW), pytest.raises(rules.SealNotInUse, match="until 2026-11-23"):
        affix(cast, late, paper(), at=TOMORROW)


def test_the_seal_of_a_body_that_is_no_more_is_not_used(cast: Any) -> None:
    unit = directory.create_unit(
        code="TMP", name_en="Task force", name_zh="专班", kind="OFFICE", parent_id=cast.units["GO"], by=SYSTEM, at=NOON
    )
    kept = register(cast, by=SYSTEM, code="TMP-1", unit_id=unit.pk, legal_name="专班")
    directory.dissolve_unit(unit_id=unit.pk, on=TOMORROW.date(), decision="done", by=SYSTEM, at=NOON)
    with clock.fixed_at(TOMORROW), pytest.raises(rules.SealNotInUse, match="does not exist on that day"):
        affix(cast, kept, paper(), at=TOMORROW)


@pytest.mark.parametrize(
    ("places", "says"),
    [
        ([], "Nothing says where"),
        ([Place(page=2)], "has 2 pages"),
        ([Place(page=-1)], "has 2 pages"),
        ([Place(x_mm=190)], "outside page 1"),
        ([Place(y_mm=-5)], "outside page 1"),
        ([Place()] * 21, "at most 20"),
    ],
)
def test_a_place_that_is_not_on_the_paper_is_refused(cast: Any, seal: Any, places: list[Place], says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        affix(cast, seal, paper(), places=places)
    assert refused.value.field == "places"


def test_what_is_no_pdf_or_encrypted_or_was_changed_after_an_earlier_seal_is_not_sealed(cast: Any, seal: Any) -> None:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper())) as opened:
        opened.save(locked, encryption=pikepdf.Encryption(owner="o", user=""))
    done = affix(cast, seal, paper()).pdf
    changed = done.replace(b"/Contents", b"/Kontents", 1)
    for pdf, says in ((b"no PDF", "not a PDF"), (locked.getvalue(), "encrypted"), (changed, "changed after|not a PDF")):
        with pytest.raises(CannotSeal, match=says):
            affix(cast, seal, pdf)


def test_nobody_witnesses_their_own_sealing(cast: Any, seal: Any) -> None:
    with pytest.raises(Refused, match="another person than the keeper"):
        affix(cast, seal, paper(), witness_person_id=cast.archivist.person_id)


# --- Who sees the log, and that it stays ------------------------------------------------------------------------------


def test_the_log_shows_to_the_units_overseers_the_keeper_and_those_who_see_the_paper(cast: Any, seal: Any) -> None:
    papers_guard = open_guard(unit_id=cast.units["PF"], label=10, by=cast.handler, at=NOON)
    affix(cast, seal, paper(), guard_id=papers_guard.pk)
    for who, seen in (
        (cast.archivist, 1),
        (cast.registrar, 1),
        (cast.office_head, 1),
        (cast.handler, 1),
        (cast.outsider, 0),
        (cast.administrator, 0),
    ):
        with acting_as(who):
            assert queries.uses(subject=SUBJECT).count() == seen
    with acting_as(cast.handler):
        assert queries.seal(seal.pk) is None  # the paper shows whose seal is on it, not the seal's page


def test_any_member_of_staff_may_ask_which_seals_a_unit_has(cast: Any, seal: Any) -> None:
    register(cast, code="GO-2", valid_from=TODAY + dt.timedelta(days=1))
    with acting_as(cast.outsider):
        rows = queries.seals_for_unit(cast.units["GO"], TODAY)
    assert [(row["code"], row["keeper_post_id"]) for row in rows] == [("GO-1", cast.archivist.post_id)]


@pytest.mark.parametrize(
    "statement",
    [
        "update records_sealuse set copies = 99",
        "update records_sealuse set text_hash = ''",
        "delete from records_sealuse",
        "truncate records_sealuse",
        "update records_seal set code = 'X1'",
        "delete from records_seal",
        "delete from records_sealcertificate",
        "update records_sealcertificate set sha256 = 'x'",
    ],
)
def test_raw_sql_as_the_web_role_cannot_rewrite_the_log_or_the_register(cast: Any, seal: Any, statement: str) -> None:
    affix(cast, seal, paper())
    for by in (cast.archivist, SYSTEM):
        with acting_as(by), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


_COPY = (
    "insert into records_sealuse (seal_id, guard_id, subject_guard_id, subject, subject_text, text_hash, sha256_before,"
    " sha256_after, copies, approver_person_id, keeper_person_id, keeper_post_id, acting_post_id, certificate_id, at)"
    " select seal_id, guard_id, subject_guard_id, 'x', '', text_hash, sha256_before, sha256_after, copies,"
    " {approver}, {keeper}, keeper_post_id, acting_post_id, certificate_id, now() from records_sealuse limit 1"
)


def test_raw_sql_cannot_write_a_use_down_in_anothers_name_or_for_ones_own_approval(cast: Any, seal: Any) -> None:
    affix(cast, seal, paper())
    mine, other = cast.archivist.person_id, cast.registrar.person_id
    for approver, keeper, says in ((cast.leader.person_id, other, "row-level security"), (mine, mine, "not_ones_own")):
        statement = _COPY.format(approver=approver, keeper=keeper)
        with acting_as(cast.archivist), pytest.raises(DatabaseError, match=says), transaction.atomic():
            connection.cursor().execute(statement)


def test_raw_sql_cannot_use_a_retired_seal_or_take_it_into_use_again(cast: Any, seal: Any) -> None:
    affix(cast, seal, paper())
    services.retire_seal(seal_id=seal.pk, reason="worn out", by=cast.registrar, at=NOON)
    statement = _COPY.format(approver=cast.leader.person_id, keeper=cast.archivist.person_id)
    with acting_as(cast.archivist), pytest.raises(DatabaseError, match="not in use today"), transaction.atomic():
        connection.cursor().execute(statement)
    again = "update records_seal set state = 'ACTIVE', state_on = null, state_reason = ''"
    with acting_as(cast.registrar), pytest.raises(DatabaseError, match="stays so"), transaction.atomic():
        connection.cursor().execute(again)
