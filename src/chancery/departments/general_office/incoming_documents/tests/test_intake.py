"""What files propose."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage

import pytest

from chancery.departments.general_office.incoming_documents.intake import queries as reading

PAGE = """000012
特急

样例天文学会文件

样天学字〔2026〕8号

关于举办第12届学术年会的请示

样例联合会：

    我会拟于2026年12月举办年会。

样例天文学会
2026年11月12日
"""


def test_a_page_proposes_number_title_urgency_and_date():
    found = reading.read_text(PAGE)
    assert found == reading.Proposal(
        title="关于举办第12届学术年会的请示",
        sender="样例天文学会",
        sender_number="样天学字〔2026〕8号",
        dated_on=dt.date(2026, 11, 12),
        kind="REQUEST",
        urgency="URGENT",
        copy_no="000012",
        addressees="样例联合会",
    )


def test_an_email_proposes_sender_subject_date_and_brings_its_attachments():
    message = EmailMessage()
    message["From"] = "Sample Society <office@example.org>"
    message["Subject"] = "Invitation to the forum"
    message["Date"] = "Mon, 02 Nov 2026 09:00:00 +0800"
    message.set_content("Please come.")
    message.add_attachment(b"%PDF-1.7 x", maintype="application", subtype="pdf", filename="邀请函.pdf")
    letter = reading.read_email(message.as_bytes())
    assert (letter.proposal.sender, letter.proposal.title, letter.proposal.dated_on, letter.proposal.kind) == (
        "Sample Society",
        "Invitation to the forum",
        dt.date(2026, 11, 2),
        "INVITATION",
    )
    assert letter.attachments == [reading.Attachment("邀请函.pdf", b"%PDF-1.7 x")]


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe", b"just text\n\nmore"])
def test_what_is_no_email_is_said_to_be_none(raw):
    with pytest.raises(reading.NotAnEmail):
        reading.read_email(raw)


def test_nonsense_dates_and_huge_texts_propose_nothing_wrong():
    assert reading.read_text("2026年13月45日").dated_on is None
    assert len(reading.read_text("x" * 5_000_000).title) <= 300
