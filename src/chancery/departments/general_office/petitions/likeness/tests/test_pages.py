"""Pages of likeness, and that none of them tells who petitions, to anybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.door import queries as door
from chancery.departments.general_office.petitions.likeness import services
from chancery.departments.general_office.petitions.likeness.tests.letters import OTHER, letter, registered, sender
from chancery.departments.general_office.petitions.models import Petition, PetitionCampaign
from chancery.departments.general_office.petitions.terms import State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal.models import Entry
from chancery.foundations.postgres.row_security import acting_as

pytestmark = pytest.mark.django_db


def page(client: Any, name: str, *args: Any) -> str:
    return str(client.get(reverse(f"general_office:{name}", args=args)).content.decode())


def names() -> list[str]:
    return [word for n in range(12) for word in (sender(n).name, sender(n).phone, sender(n).email)]


def test_alike_petitions_are_shown_merged_and_split_on_the_page(cast: Any, client_as: Any) -> None:
    first, again = registered(cast, 1), registered(cast, 1)
    client = client_as(cast.petition_officer)
    html = page(client, "petition", again.pk)
    assert "same contact" in html and "alike: 100 %" in html and "Merge into it" in html
    merge = reverse("general_office:petition_merge", args=[again.pk])
    assert client.get(merge, {"other": first.number}).status_code == 200
    assert client.post(merge, {"other": "nothing", "reason": "同一事项"}).status_code == 422
    assert client.post(merge, {"other": again.number, "reason": "同一事项"}).status_code == 422
    assert client.post(merge, {"other": first.number, "reason": "同一事项"}).status_code == 302
    assert "1 petition is handled with this one" in page(client, "petition", first.pk)
    assert "Split it again" in page(client, "petition", again.pk)
    split = reverse("general_office:petition_split", args=[again.pk])
    assert client.get(split).status_code == 200
    assert client.post(split, {"reason": "诉求不同"}).status_code == 302
    assert client.get(split).status_code == 404
    assert "诉求不同" in page(client, "petition", first.pk)


def test_links_and_known_senders_on_the_page(cast: Any, client_as: Any) -> None:
    first, other = registered(cast, 1), registered(cast, 2, OTHER)
    client = client_as(cast.petition_registrar)
    link = reverse("general_office:petition_link", args=[first.pk])
    assert client.post(link, {"other": other.number, "reason": "同一单位"}).status_code == 302
    html = page(client, "petition", other.pk)
    assert "Linked with" in html
    with acting_as(SYSTEM):
        tie = first.ties.get()
    assert client.get(reverse("general_office:petition_unlink", args=[tie.pk])).status_code == 200
    assert (
        client.post(reverse("general_office:petition_unlink", args=[tie.pk]), {"reason": "不相关"}).status_code == 302
    )
    assert (
        client.post(
            reverse("general_office:petition_repeat", args=[first.pk]), {"is_repeat": "on", "reason": "多次来信"}
        ).status_code
        == 302
    )
    assert "Wrote before" in page(client, "petition", first.pk)


def test_a_campaign_from_proposal_to_reply(cast: Any, client_as: Any) -> None:
    letters = [letter(n) for n in range(6)]
    client = client_as(cast.petition_registrar)
    assert "Letters of one text, perhaps a campaign" in page(client, "petitions")
    assert "Join as a campaign" in page(client, "petition_campaigns")
    address = reverse("general_office:petition_campaign_open", args=[letters[0].pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"title": "", "petitions": [letters[0].pk]}).status_code == 422
    assert client.post(address, {"title": "要求公开程序", "petitions": [letters[0].pk]}).status_code == 422
    told = {"title": "要求公开程序", "petitions": [one.pk for one in letters[:5]]}
    campaign = client.post(address, told)["Location"]
    html = client.get(campaign).content.decode()
    assert "1 more letter of this text" in html
    assert client.post(f"{campaign}join/", {"petitions": [letters[5].pk]}).status_code == 302
    officer = client_as(cast.petition_officer)
    assert officer.post(campaign, {"text": f"{sender(2).name}："}).status_code == 422
    assert officer.post(campaign, {"text": "评选程序将于本月公布。"}).status_code == 302
    out = reverse("general_office:petition_take_out", args=[letters[3].pk])
    assert officer.get(out).status_code == 200
    assert officer.post(out, {"reason": "另有诉求"}).status_code == 302
    assert officer.get(out).status_code == 404


def test_the_page_of_a_campaign_asks_as_much_for_five_as_for_fifteen(cast: Any, client_as: Any) -> None:

    client = client_as(cast.petition_registrar)
    asked = []
    for base, many in ((0, 5), (100, 15)):
        letters = [
            letter(base + n, OTHER if base else "请公开评选程序和评委名单，说明理由，并书面答复。" * 3)
            for n in range(many)
        ]
        made = services.open_campaign(
            petition_ids=[one.pk for one in letters], title="同文来信", by=cast.petition_registrar, at=clock.now()
        )
        address = reverse("general_office:petition_campaign", args=[made.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("who", ["handler", "outsider", "office_head", "petition_custodian", "petition_reviewer"])
def test_others_do_not_enter(cast: Any, client_as: Any, who: str) -> None:
    made = registered(cast, 1)
    client = client_as(cast[who])
    for name, args in (("petition_merge", [made.pk]), ("petition_campaigns", []), ("petition_link", [made.pk])):
        assert client.get(reverse(f"general_office:{name}", args=args)).status_code == 403


def test_no_page_tells_who_wrote_or_what_one_may_not_see(cast: Any, client_as: Any) -> None:
    """An officer and a handler look at everything there is of likeness: no name, contact or hidden number."""
    letters = [registered(cast, n) for n in range(4)]
    hidden = registered(cast, 1, kind="ACCUSATION", subject_person_id=cast.petition_officer.person_id)
    for one in (*letters, hidden):
        petitions.give_to_read(
            petition_id=one.pk,
            role="petition_handler",
            unit_id=cast.units["AS"],
            by=cast.petition_registrar,
            at=clock.now(),
        )
    handler, officer = client_as(cast.co_handler), client_as(cast.petition_officer)
    seen = [page(handler, "petition", one.pk) for one in letters]
    told = [page(officer, "petition", one.pk) for one in letters] + [page(officer, "petition_campaigns")]
    assert not any(word in html for html in (*seen, *told) for word in names())
    assert not any(hidden.number in html for html in told)
    assert not any("same contact" in html or "same name" in html for html in seen)
    with acting_as(cast.co_handler):
        said = " ".join(str(row) for row in Entry.objects.values_list("act", "data"))
        held = " ".join(str(row) for row in Petition.objects.values_list()) + str(
            list(PetitionCampaign.objects.values_list())
        )
    assert not any(word in said or word in held for word in names())


def test_the_follow_page_shows_where_the_leading_one_stands(cast: Any, client: Any) -> None:

    leading, other = registered(cast, 1), registered(cast, 2)
    services.merge(
        petition_id=other.pk, into_id=leading.pk, reason="同一事项", by=cast.petition_officer, at=clock.now()
    )
    petitions.set_state(petition_id=leading.pk, state=State.UNDER_WAY, by=cast.petition_officer, at=clock.now())
    found = door.opened(other.pk)
    assert found is not None
    with acting_as(SYSTEM):
        followed = door.followed(found)
    assert followed["stands"].state == State.UNDER_WAY
    petitions.add_text(
        petition_id=other.pk, part="ADDITION", side="PETITIONER", text="补充材料。", by=cast.petition_registrar,
        at=clock.now(),
    )  # fmt: skip
