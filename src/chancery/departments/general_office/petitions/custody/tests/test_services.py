"""Openings, clearing, blacking out; what the web role can and cannot do to the tables behind them."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions import services as core
from chancery.departments.general_office.petitions.custody import queries, rules, services
from chancery.departments.general_office.petitions.custody.models import IdentityOpening
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import Clearance, GivenFile, IdentityFacts, Scan, Side
from chancery.departments.general_office.petitions.tests.desk import REQUEST, SENDER, received, registered, text_file
from chancery.foundations import clock, vault
from chancery.foundations.actor import SYSTEM
from chancery.foundations.content_store import store
from chancery.foundations.journal.queries import history
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.access.roles.services import grant_role

pytestmark = pytest.mark.django_db
ASK = {"purpose": "REACH", "reason": "需要核实评审材料的来源。"}


def given(cast: Any, made: Petition) -> Petition:
    core.give_to_read(
        petition_id=made.pk, role="petition_handler", unit_id=cast.units["PF"], by=cast.petition_officer, at=clock.now()
    )
    return made


def asked(cast: Any, made: Petition, by: str = "handler") -> IdentityOpening:
    return services.ask_opening(petition_id=made.pk, **ASK, by=cast[by], at=clock.now())


def opened(cast: Any, made: Petition) -> IdentityOpening:
    opening = asked(cast, made)
    return services.open_identity(opening_id=opening.pk, by=cast.petition_custodian, at=clock.now())


def test_asked_opened_read_journalled_and_told(cast: Any) -> None:
    made = given(cast, registered(cast, files=[text_file("x")]))
    opening = opened(cast, made)
    facts, originals = services.read_identity(opening_id=opening.pk, by=cast.handler, at=clock.now())
    assert facts == SENDER
    assert REQUEST in dict(originals).values()
    assert dict(originals)["Attachment 1.txt"] == "欧阳晓明的证明.txt"
    services.read_identity(opening_id=opening.pk, by=cast.petition_custodian, at=clock.now())
    with acting_as(cast.petition_officer):
        acts = [line["act"] for line in history(f"general_office.petition:{made.pk}")]
        assert acts[-4:] == ["petition.opening_asked", "petition.opening_granted", *["petition.identity_read"] * 2]
        opening.refresh_from_db()
    assert opening.readings == 4  # identity and originals, twice
    (told,) = queries.told_openings(made.pk)
    assert told["purpose"] == "To reach you about your petition" and told["at"] is not None


def test_nobody_opens_what_they_asked_for_themselves(cast: Any) -> None:
    made = registered(cast)
    opening = asked(cast, made, by="petition_custodian")
    with pytest.raises(rules.SameHands):
        services.open_identity(opening_id=opening.pk, by=cast.petition_custodian, at=clock.now())


def test_a_second_hat_does_not_help(cast: Any) -> None:
    made = given(cast, registered(cast))
    at = clock.now()
    # The one who asks in Academic and Societies Affairs is custodian in Enterprise Cooperation.
    for role, unit in (("petition_handler", "AS"), ("petition_custodian", "GO")):
        post = cast.two_hats.post_id if unit == "AS" else cast.two_hats_enterprise.post_id
        grant_role(
            post_id=post, role=role, unit_id=cast.units[unit], valid_from=clock.today(), by=cast.administrator, at=at
        )
    core.give_to_read(petition_id=made.pk, post_id=cast.two_hats.post_id, by=cast.petition_officer, at=at)
    opening = asked(cast, made, by="two_hats")
    with pytest.raises(rules.SameHands):
        services.open_identity(opening_id=opening.pk, by=cast.two_hats_enterprise, at=at)
    with pytest.raises(DatabaseError), acting_as(cast.two_hats_enterprise), transaction.atomic():
        IdentityOpening.objects.filter(pk=opening.pk).update(
            state="OPEN", custodian_person_id=cast.two_hats.person_id, decided_at=at, expires_at=at
        )


@pytest.mark.parametrize("who", ["handler", "petition_officer", "office_head", "petition_registrar"])
def test_only_custodians_open(cast: Any, who: str) -> None:
    opening = asked(cast, given(cast, registered(cast)), by="petition_officer" if who == "handler" else "handler")
    with pytest.raises(Refused):
        services.open_identity(opening_id=opening.pk, by=cast[who], at=clock.now())
    with pytest.raises(DatabaseError), acting_as(cast[who]), transaction.atomic():
        IdentityOpening.objects.filter(pk=opening.pk).update(
            state="OPEN", custodian_person_id=cast[who].person_id, decided_at=clock.now(), expires_at=clock.now()
        )


@pytest.mark.parametrize(
    ("told", "field"),
    [({"purpose": "CURIOSITY"}, "purpose"), ({"reason": "因为"}, "reason"), ({"reason": " "}, "reason")],
)
def test_a_request_has_purpose_and_reason(cast: Any, told: dict[str, str], field: str) -> None:
    made = registered(cast)
    with pytest.raises(Refused) as refusal:
        services.ask_opening(petition_id=made.pk, **{**ASK, **told}, by=cast.petition_officer, at=clock.now())
    assert refusal.value.field == field


def test_who_does_not_handle_it_cannot_even_ask(cast: Any) -> None:
    made = registered(cast)
    with pytest.raises(petition_rules.NoSuchPetition):
        asked(cast, made, by="handler")
    with pytest.raises(petition_rules.NoSuchPetition):
        asked(cast, made, by="outsider")


def test_an_anonymous_petition_has_nothing_to_open(cast: Any) -> None:
    made = registered(cast, identity=None)
    with pytest.raises(Refused, match="anonymous"):
        asked(cast, made, by="petition_officer")


def test_it_closes_by_itself(cast: Any) -> None:
    made = given(cast, registered(cast))
    opening = opened(cast, made)
    hours = float(rulebook.number("petition.opening.hours", on=clock.today()))
    late = clock.now() + dt.timedelta(hours=hours, minutes=1)
    with pytest.raises(rules.NoOpening):
        services.read_identity(opening_id=opening.pk, by=cast.handler, at=late)
    with acting_as(cast.handler), connection.cursor() as cursor:
        cursor.execute("select * from general_office_petition_identity_for(%s, %s)", [opening.pk, late])
        assert cursor.fetchall() == []
    assert services.end_openings(by=SYSTEM, at=late) == 1
    with acting_as(cast.handler):
        opening.refresh_from_db()
    assert opening.state == "ENDED"


def test_closed_before_its_time_it_is_closed(cast: Any) -> None:
    opening = opened(cast, given(cast, registered(cast)))
    services.end_opening(opening_id=opening.pk, by=cast.handler, at=clock.now())
    with pytest.raises(rules.NoOpening):
        services.read_identity(opening_id=opening.pk, by=cast.handler, at=clock.now())


def test_a_refused_request_opens_nothing(cast: Any) -> None:
    opening = asked(cast, given(cast, registered(cast)))
    with pytest.raises(Refused):
        services.refuse_opening(opening_id=opening.pk, note=" ", by=cast.petition_custodian, at=clock.now())
    services.refuse_opening(opening_id=opening.pk, note="不需要", by=cast.petition_custodian, at=clock.now())
    for who in (cast.handler, cast.petition_custodian):
        with pytest.raises(rules.NoOpening):
            services.read_identity(opening_id=opening.pk, by=who, at=clock.now())
    with pytest.raises(Refused, match="decided already"):
        services.open_identity(opening_id=opening.pk, by=cast.petition_custodian, at=clock.now())


def test_somebody_elses_opening_is_not_mine(cast: Any) -> None:
    opening = opened(cast, given(cast, registered(cast)))
    with pytest.raises(rules.NoOpening):
        services.read_identity(opening_id=opening.pk, by=cast.petition_officer, at=clock.now())


def test_who_steps_aside_reads_no_longer(cast: Any) -> None:
    made = given(cast, registered(cast))
    opening = opened(cast, made)
    core.step_aside(
        petition_id=made.pk, person_id=cast.handler.person_id, reason="同学", by=cast.petition_officer, at=clock.now()
    )
    with pytest.raises(petition_rules.NoSuchPetition):
        services.read_identity(opening_id=opening.pk, by=cast.handler, at=clock.now())
    with acting_as(cast.handler), connection.cursor() as cursor:
        cursor.execute("select * from general_office_petition_identity_for(%s, %s)", [opening.pk, clock.now()])
        assert cursor.fetchall() == []


TABLES = ("general_office_petitionidentity", "general_office_petitionoriginal")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "question",
    ["select * from {}", "select count(*) from {}", "update {} set sealed = ''", "delete from {}", "truncate {}",
     "insert into {} default values", "copy {} to stdout", "select ref from {}"],
)  # fmt: skip
def test_the_web_role_touches_neither_identity_nor_originals(cast: Any, table: str, question: str) -> None:
    registered(cast)
    for actor in (cast.petition_custodian, SYSTEM):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            acting_as(actor),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(question.format(table))


def test_raw_sql_gets_nothing_without_an_opening_of_ones_own(cast: Any) -> None:
    made = given(cast, registered(cast))
    waiting = asked(cast, made)
    for actor in (cast.handler, cast.petition_custodian, cast.petition_officer, cast.outsider, SYSTEM):
        with acting_as(actor), connection.cursor() as cursor:
            for question in ("identity_for", "originals_for"):
                cursor.execute(f"select * from general_office_petition_{question}(%s, %s)", [waiting.pk, clock.now()])
                assert cursor.fetchall() == []


@pytest.mark.parametrize(
    "change",
    ["requested_person_id = 1", "purpose = 'LAW'", "reason = 'x'", "readings = 0", "first_read_at = null"],
)
def test_what_was_asked_and_read_stays(cast: Any, change: str) -> None:
    opening = opened(cast, given(cast, registered(cast)))
    with pytest.raises(DatabaseError), acting_as(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update general_office_identityopening set {change} where id = %s", [opening.pk])


def test_an_opening_is_not_lengthened_and_not_asked_for_another(cast: Any) -> None:
    opening = opened(cast, given(cast, registered(cast)))
    later = opening.expires_at + dt.timedelta(days=1)  # type: ignore[operator]  # it is open
    with pytest.raises(DatabaseError), acting_as(cast.petition_custodian), transaction.atomic():
        IdentityOpening.objects.filter(pk=opening.pk).update(expires_at=later)
    with pytest.raises(DatabaseError), acting_as(cast.petition_officer), transaction.atomic():
        IdentityOpening.objects.create(
            petition_id=opening.petition_id, purpose="LAW", reason="x" * 20, requested_person_id=cast.handler.person_id,
            requested_post_id=cast.handler.post_id, requested_at=clock.now(),
        )  # fmt: skip


def test_identity_is_sealed_once(cast: Any) -> None:
    made = registered(cast)
    with pytest.raises(services.KnownAlready):
        services.seal_identity(
            petition_id=made.pk, identity=IdentityFacts(name="别人"), by=cast.petition_registrar, at=clock.now()
        )


def test_who_has_no_part_seals_nothing(cast: Any) -> None:
    made = registered(cast, identity=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        services.seal_identity(petition_id=made.pk, identity=SENDER, by=cast.outsider, at=clock.now())


def test_a_registrar_blacks_out_more_and_nothing_comes_back(cast: Any) -> None:
    made = registered(cast, request="本人系红星厂退休职工，请求复核。")
    registrar = cast.petition_registrar
    with acting_as(registrar):
        first = petitions.texts(made.pk, registrar)[0]
    services.black_out(text_id=first["id"], words=["红星厂"], by=registrar, at=clock.now())
    with acting_as(registrar):
        shown = petitions.texts(made.pk, registrar)[0]
    assert shown["text"] == "本人系████退休职工，请求复核。"
    with pytest.raises(Refused, match="None of these"):
        services.black_out(text_id=first["id"], words=["红星厂"], by=registrar, at=clock.now())
    with pytest.raises(Refused):
        services.black_out(text_id=first["id"], words=["退休"], by=cast.petition_officer, at=clock.now())


# --- Attachments -----------------------------------------------------------------------------------------------------
def content(file: Any) -> bytes:
    with queries.content_of(file) as held:
        return held.read()


def test_a_file_that_tells_who_petitions_is_withheld_and_replaced(cast: Any) -> None:
    made = given(cast, registered(cast, files=[text_file("我叫欧阳晓明")]))
    with acting_as(SYSTEM):
        (file,) = petitions.files(made.pk)
    assert (file.scan, file.clearance, file.name) == (Scan.IDENTITY, Clearance.WITHHELD, "Attachment 1.txt")
    for who in ("handler", "petition_officer", "petition_registrar"):
        with pytest.raises(petition_rules.NotCleared):
            services.examine_file(file_id=file.pk, by=cast[who], at=clock.now())
    with pytest.raises(Refused, match="redacted copy"):
        services.clear_file(file_id=file.pk, by=cast.petition_custodian, at=clock.now())
    with pytest.raises(Refused, match="still tells"):
        services.replace_file(
            file_id=file.pk, copy=text_file("我叫欧阳晓明！", "copy.txt"), by=cast.petition_custodian, at=clock.now()
        )
    copy = services.replace_file(
        file_id=file.pk, copy=text_file("我叫****", "copy.txt"), by=cast.petition_custodian, at=clock.now()
    )
    seen = services.examine_file(file_id=copy.pk, by=cast.handler, at=clock.now())
    assert content(seen) == "我叫****".encode()
    with pytest.raises(petition_rules.NotCleared):
        services.examine_file(file_id=file.pk, by=cast.handler, at=clock.now())


def test_a_clean_file_is_cleared_by_a_registrar(cast: Any) -> None:
    made = given(cast, registered(cast, files=[text_file("评审结果一览", "一览.txt")]))
    with acting_as(SYSTEM):
        (file,) = petitions.files(made.pk)
    assert (file.scan, file.clearance) == (Scan.CLEAN, Clearance.WITHHELD)
    with pytest.raises(Refused):
        services.clear_file(file_id=file.pk, by=cast.handler, at=clock.now())
    services.clear_file(file_id=file.pk, by=cast.petition_registrar, at=clock.now())
    assert content(services.examine_file(file_id=file.pk, by=cast.handler, at=clock.now())) == "评审结果一览".encode()
    with pytest.raises(Refused):
        services.clear_file(file_id=file.pk, by=cast.petition_registrar, at=clock.now())


def test_a_name_of_a_file_alone_withholds_it(cast: Any) -> None:
    made = received(files=[text_file("评审结果一览", "欧阳晓明.txt")]).petition
    with acting_as(SYSTEM):
        assert petitions.files(made.pk)[0].scan == Scan.IDENTITY


def picture(**properties: str) -> GivenFile:
    held, info = io.BytesIO(), PngInfo()
    for key, value in properties.items():
        info.add_itxt(key, value)
    Image.new("RGB", (8, 8)).save(held, "PNG", pnginfo=info)
    return GivenFile("photo.png", held)


def test_a_picture_is_looked_at_by_a_custodian_and_its_properties_are_searched(cast: Any) -> None:
    made = registered(cast, files=[picture(Software="Scanner"), picture(Author="欧阳晓明")])
    with acting_as(SYSTEM):
        plain, telling = petitions.files(made.pk)
    assert (plain.scan, telling.scan) == (Scan.NO_TEXT, Scan.IDENTITY)
    with pytest.raises(petition_rules.NotCleared):
        services.clear_file(file_id=plain.pk, by=cast.petition_registrar, at=clock.now())
    services.clear_file(file_id=plain.pk, by=cast.petition_custodian, at=clock.now())


def test_bytes_of_a_file_lie_sealed(cast: Any) -> None:
    made = received(files=[text_file("评审结果一览", "一览.txt")]).petition
    with acting_as(SYSTEM):
        (file,) = petitions.files(made.pk)
        file = petitions.file_of(file.pk)  # type: ignore[assignment]  # it is there
        with store().open(file.stored.sha256) as held:
            assert "评审".encode() not in held.read()
        assert (file.stored.name, file.stored.text) == ("Attachment 1.sealed", "")


def test_a_withheld_file_that_was_looked_at_leaves_a_trace(cast: Any) -> None:
    made = received(files=[text_file("我叫欧阳晓明")]).petition
    with acting_as(SYSTEM):
        (file,) = petitions.files(made.pk)
    services.examine_file(file_id=file.pk, by=cast.petition_custodian, at=clock.now())
    with acting_as(cast.petition_officer):
        assert history(f"general_office.petition:{made.pk}")[-1]["act"] == "petition.file_examined"


def test_a_lost_key_is_a_sentence_and_not_a_fault(cast: Any, settings: Any, tmp_path: Any, client_as: Any) -> None:
    made = registered(cast)
    settings.VAULT_KEYS = tmp_path / "elsewhere"
    with pytest.raises(vault.VaultClosed), acting_as(cast.petition_officer):
        petitions.texts(made.pk, cast.petition_officer)
    answer = client_as(cast.petition_officer).get(f"/general-office/petitions/{made.pk}/")
    assert answer.status_code == 503 and "vault" in answer.content.decode()


def test_repeat_writers_are_known_without_their_names(cast: Any) -> None:
    first, second = registered(cast), registered(cast, identity=IdentityFacts(name="欧阳 晓明", phone="139 0000 0000"))
    third = registered(cast, identity=IdentityFacts(name="别人", phone="+86 138-0013-8000"))
    with acting_as(cast.petition_registrar):
        kin = {row["petition_id"]: (row["same_name"], row["same_contact"]) for row in queries.kin(first.pk)}
    assert kin == {second.pk: (True, False), third.pk: (False, True)}
    with acting_as(cast.handler):
        assert queries.kin(first.pk) == []


def test_office_papers_need_no_clearing(cast: Any) -> None:
    made = registered(cast)
    file = core.add_file(
        petition_id=made.pk,
        file=text_file("复函", "复函.txt"),
        side=Side.OFFICE,
        by=cast.petition_officer,
        at=clock.now(),
    )
    assert file.clearance == Clearance.CLEARED
