"""The pages of levels: proposing at the thing, refusals at their field, the decision, the notice."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.urls import reverse

from chancery.departments.general_office.confidential_work.classification.tests.desk import GROUNDS

PAGES = "/general-office/confidential"


def test_a_level_is_proposed_on_the_page_of_its_thing_and_decided_in_the_inbox(desk, client_as):
    document = desk.register()
    registrar = client_as(desk.cast.registrar)
    matter = registrar.get(_matter(document))
    assert matter.status_code == 200
    address = f"{PAGES}/levels/propose/?thing={quote(f'general_office.incomingdocument:{document.pk}')}"
    assert address.encode() in matter.content
    form = registrar.get(address)
    assert form.status_code == 200
    refused = registrar.post(address, {"level": "RESTRICTED", "period_kind": "YEARS", "years": "3"})
    assert refused.status_code == 422
    assert b'id="id_basis_clause_error"' in refused.content
    over = registrar.post(address, {"level": "RESTRICTED", "period_kind": "YEARS", "years": "99", **GROUNDS})
    assert over.status_code == 422
    assert b'id="id_years_error"' in over.content
    sent = registrar.post(address, {"level": "RESTRICTED", "period_kind": "YEARS", "years": "3", **GROUNDS})
    assert sent.status_code == 302
    page = registrar.get(sent["Location"])
    assert page.status_code == 200
    assert registrar.get(f"{sent['Location']}notice.pdf").status_code == 404  # nothing was decided yet
    again = registrar.post(address, {"level": "INTERNAL", "period_kind": "YEARS", "years": "3", **GROUNDS})
    assert again.status_code == 422

    classifier = client_as(desk.cast.classifier)
    shown = classifier.get(sent["Location"])
    assert shown.status_code == 200
    proposed = shown.context["of"]
    task = classifier.get(_matter(proposed))
    assert task.status_code == 200
    assert b"classification-facts" in task.content
    desk.decide(proposed)
    assert b"RESTRICTED" not in registrar.get(_matter(document)).content  # codes are not words
    notice = registrar.get(f"{sent['Location']}notice.pdf")
    assert notice.status_code == 200
    assert notice.content.startswith(b"%PDF")
    for address in ("levels/", "levels/expiry/"):
        listed = registrar.get(f"{PAGES}/{address}")
        assert listed.status_code == 200
        assert b"12" in listed.content
        assert registrar.get(f"{PAGES}/{address}?export=xlsx").status_code == 200


def _matter(of) -> str:
    return reverse("procedures:matter", args=[of.matter_id])


@pytest.mark.parametrize(
    "address", ["levels/{}/", "levels/{}/notice.pdf", "levels/propose/?thing={}", "levels/propose/?thing=nothing"]
)
def test_what_one_may_not_see_answers_404(desk, client_as, address):
    subject = desk.paper()
    held = desk.held(subject)
    asked = subject if "thing" in address else held.pk
    assert client_as(desk.cast.outsider).get(f"{PAGES}/{address.format(asked)}").status_code == 404


def test_lists_do_not_show_what_one_may_not_see(desk, client_as):
    desk.held(desk.paper())
    outsider = client_as(desk.cast.outsider)
    for address in ("levels/", "levels/expiry/", "levels/?export=csv"):
        answer = outsider.get(f"{PAGES}/{address}")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert "学术年会" not in content.decode()


def test_the_list_asks_as_often_for_many_as_for_one(desk, client_as, django_assert_max_num_queries):
    client = client_as(desk.cast.registrar)
    desk.held(desk.paper())
    client.get(f"{PAGES}/levels/")
    with django_assert_max_num_queries(40) as one:
        client.get(f"{PAGES}/levels/")
    for serial in range(20, 25):
        desk.propose(desk.paper(sender_number=f"样天学字〔2026〕{serial}号"))
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(f"{PAGES}/levels/")
