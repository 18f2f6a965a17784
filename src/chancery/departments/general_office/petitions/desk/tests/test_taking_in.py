"""Letters, calls, faxes and e-mail taken in at the desk; who sent them comes back to nobody there."""

from __future__ import annotations

import datetime as dt
import io
import re
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.desk import queries, rules, services
from chancery.departments.general_office.petitions.desk.terms import Given, Way
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import Channel, GivenFile, Kind, State
from chancery.departments.general_office.petitions.tests.desk import REQUEST, SENDER, WORDS, text_file
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused

pytestmark = pytest.mark.django_db


def taken(cast: Any, who: str = "petition_registrar", **more: Any) -> Any:
    told: dict[str, Any] = {
        "channel": Channel.LETTER, "kind": Kind.APPEAL, "language": "zh-hans", "request": REQUEST, "identity": SENDER,
        "group_size": 2, "by": cast[who], "at": clock.now(),
    }  # fmt: skip
    return services.take_in(**{**told, **more})


def mail(*, attached: bytes = b"", name: str = "证明.txt") -> bytes:
    message = EmailMessage()
    message["From"] = f"{SENDER.name} <{SENDER.email}>"
    message["To"] = "letters@example.org"
    message["Subject"] = "请复核评审结果"
    message["Date"] = "Mon, 23 Nov 2026 09:30:00 +0800"
    message.set_content(f"评审未公示，请复核。此致，{SENDER.name}")
    if attached:
        message.add_attachment(attached, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def test_a_letter_is_taken_in_with_how_and_when_it_came(cast: Any) -> None:
    came = clock.now() - dt.timedelta(days=2)
    got = taken(
        cast, way=Way.REGISTERED, envelope_on=clock.date_of(came) - dt.timedelta(days=3), received_at=came,
        files=[text_file("正文扫描")],
    )  # fmt: skip
    with acting_as(cast.petition_registrar):
        arrival = queries.arrival_of(got.petition.pk)
        found = petitions.by_receipt(got.receipt_code)
    assert arrival is not None and (arrival.way, arrival.taken_person_id) == (
        Way.REGISTERED,
        cast.petition_registrar.person_id,
    )
    assert found is not None and (found.pk, found.received_on) == (got.petition.pk, clock.date_of(came))


def test_an_email_brings_sender_words_and_attachments_and_says_no_name(cast: Any) -> None:
    got = taken(cast, channel=Channel.EMAIL, request="", identity=None, mail=mail(attached="获奖名单".encode()))
    by = cast.petition_registrar
    with acting_as(by):
        told = "".join(text["text"] for text in petitions.texts(got.petition.pk, by))
        names = [file.name for file in petitions.files(got.petition.pk)]
    assert "评审未公示，请复核" in told and not any(word in told.lower() for word in WORDS)
    assert names == ["Attachment 1.eml", "Attachment 2.txt"] and not got.petition.is_anonymous


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"channel": Channel.EMAIL, "mail": b"no mail at all"}, "mail"),
        ({"channel": Channel.EMAIL, "mail": mail(attached=b"MZ\x90\x00", name="setup.exe")}, "file"),
        ({"channel": Channel.WEB}, "channel"),
        ({"channel": Channel.VISIT}, "channel"),
        ({"channel": Channel.PHONE, "way": Way.POST}, "way"),
        ({"began_at": clock.now()}, "began_at"),
        ({"channel": Channel.PHONE, "began_at": clock.now() - dt.timedelta(hours=1),
          "ended_at": clock.now() - dt.timedelta(hours=2)}, "ended_at"),
        ({"channel": Channel.PHONE, "began_at": clock.now() + dt.timedelta(hours=1)}, "began_at"),
        ({"received_at": clock.now() + dt.timedelta(days=1)}, "received_at"),
        ({"received_at": clock.now() - dt.timedelta(days=4000)}, "received_at"),
        ({"envelope_on": clock.today() + dt.timedelta(days=1)}, "envelope_on"),
        ({"envelope_on": clock.today() - dt.timedelta(days=4000)}, "envelope_on"),
        ({"request": ""}, "request"),
        ({"files": [GivenFile("a.pdf", io.BytesIO(b"MZ"))]}, "file"),
    ],
)  # fmt: skip
def test_what_is_not_taken_in_leaves_nothing(cast: Any, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        taken(cast, **more)
    assert refusal.value.field == field
    with acting_as(SYSTEM):
        assert not Petition.objects.exists()


def test_one_representative_too_many_is_refused_at_the_field(cast: Any) -> None:
    most = int(rulebook.number("petition.representatives", on=clock.today()))
    names = tuple(f"代表{n}" for n in range(most + 1))
    with pytest.raises(Refused) as refusal:
        taken(cast, group_size=40, identity=type(SENDER)(name="甲乙丙", representatives=names))
    assert refusal.value.field == "representatives" and refusal.value.basis
    assert taken(cast, group_size=40, identity=type(SENDER)(name="甲乙丙", representatives=names[:most])).petition.pk
    with pytest.raises(Refused, match="More representatives"):
        taken(cast, group_size=1, identity=type(SENDER)(name="甲乙丙", representatives=names[:2]))


@pytest.mark.parametrize("who", ["petition_officer", "petition_custodian", "office_head", "handler", "outsider"])
def test_only_registrars_take_in(cast: Any, who: str) -> None:
    with pytest.raises(Refused):
        taken(cast, who)


def test_a_receipt_is_handed_over_once(cast: Any) -> None:
    got = taken(cast)
    by, at = cast.petition_registrar, clock.now()
    assert services.give_receipt(petition_id=got.petition.pk, how=Given.PAPER, by=by, at=at).receipt_given == "PAPER"
    with pytest.raises(Refused, match="already"):
        services.give_receipt(petition_id=got.petition.pk, how=Given.POST, by=by, at=at)


def test_names_are_read_line_by_line() -> None:
    assert rules.names_in("王一、李二\n  Jane   Roe ；") == ("王一", "李二", "Jane Roe")


# --- Pages -----------------------------------------------------------------------------------------------------------
FORM = {
    "kind": "APPEAL", "language": "zh-hans", "request": REQUEST, "group_size": "1", "name": SENDER.name,
    "phone": SENDER.phone, "email": SENDER.email, "address": SENDER.address, "way": "POST", "token": "b" * 32,
}  # fmt: skip


def code_in(html: str) -> str:
    found = re.search(r'translate="no">([0-9A-Z-]+)<', html)
    return found[1] if found else ""


def test_the_desk_takes_a_letter_and_shows_its_receipt_once(cast: Any, client_as: Any) -> None:
    client = client_as(cast.petition_registrar)
    address = reverse("general_office:petition_take_in", args=["letter"])
    assert client.get(address).status_code == 200
    answer = client.post(address, {**FORM, "files": SimpleUploadedFile("scan.txt", "欧阳晓明".encode())})
    html = answer.content.decode()
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    found = petitions.by_receipt(code_in(html))
    assert found is not None and found.state == State.RECEIVED
    assert not any(word in html.lower() for word in WORDS)
    again = client.post(address, FORM)
    assert code_in(again.content.decode()) == code_in(html)
    with acting_as(SYSTEM):
        assert Petition.objects.count() == 1
    desk = client.get(reverse("general_office:petition_desk")).content.decode()
    assert code_in(html) not in desk and "Handed over" in desk and not any(word in desk.lower() for word in WORDS)
    given = client.post(reverse("general_office:petition_give_receipt", args=[found.pk]), {"how": "PAPER"})
    assert given.status_code == 302


@pytest.mark.parametrize("channel", ["letter", "phone", "fax", "email"])
def test_each_way_has_its_form_and_says_what_is_wrong_at_the_field(cast: Any, client_as: Any, channel: str) -> None:
    client = client_as(cast.petition_registrar)
    address = reverse("general_office:petition_take_in", args=[channel])
    names = "\n".join(f"代表{n}" for n in range(6))
    file = {"mail": SimpleUploadedFile("m.eml", mail())} if channel == "email" else {}
    answer = client.post(address, {**FORM, **file, "way": "", "group_size": "30", "representatives": names})
    assert answer.status_code == 422 and "at most 5 representatives" in answer.content.decode()


def test_the_web_is_no_way_to_the_desk(cast: Any, client_as: Any) -> None:
    client = client_as(cast.petition_registrar)
    for channel in ("web", "visit", "LETTER"):
        assert client.get(f"/general-office/petitions/desk/take-in/{channel}/").status_code == 404
    assert client_as(cast.petition_officer).get(reverse("general_office:petition_desk")).status_code == 403
