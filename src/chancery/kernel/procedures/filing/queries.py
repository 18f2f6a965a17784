"""What hinders the filing of a matter, its opinions as a text, and the matter as an item."""

from __future__ import annotations

import datetime as dt
import io

from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.words import words
from chancery.kernel.procedures.matters import queries as matters
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.matters.terms import MatterState
from chancery.kernel.procedures.slip import queries as slips
from chancery.kernel.records.archive.terms import Hindrance

KIND = "matter"
SUBJECT = "procedures.matter:"


def hindrances(matter_id: int, *, but_task_id: int | None = None) -> list[Hindrance]:
    """What is still open or unread in a matter, but for the step at hand."""
    address = reverse("procedures:matter", args=[matter_id])
    found = []
    for row in matters.open_tasks(matter_id):
        if row["id"] == but_task_id:
            continue
        who = (
            ", ".join(words(holder) for holder in row.get("holders") or []) or words(row, "post") or words(row, "unit")
        )
        if row["to_read"] or row["key"] is None:
            text = _("%(who)s has not read it yet.") % {"who": who}
        else:
            text = _("The step “%(step)s” is open: %(who)s.") % {"step": words(row, "step"), "who": who}
        found.append(Hindrance(text, f"{address}#task-{row['id']}"))
    return found


def opinions_text(matter_id: int) -> bytes:
    """Everything said in a matter, as plain text: when, who, at which step, with which outcome, what."""
    lines = []
    for row in matters.opinions(matter_id):
        head = "  ".join(
            part
            for part in (
                slips.moment(row["given_at"]),
                words(row, "unit"),
                " ".join(part for part in (words(row, "person"), words(row, "post")) if part),
                words(row, "step"),
                words(row, "outcome") or str(row["kind_words"]),
            )
            if part
        )
        lines += [head, *([row["text"]] if row["text"] else []), ""]
    return "\n".join(lines).encode()


def slip_of(matter: Matter, at: dt.datetime) -> bytes:
    """A slip for a matter without a document: what it is, who said what."""
    facts = [
        slips.fact(_("Number"), matter.number),
        slips.fact(_("Opened at"), slips.moment(matter.opened_at)),
        slips.fact(_("Unit"), words(matter.unit)),
        slips.fact(_("Closed at"), slips.moment(matter.closed_at)),
        slips.fact(_("Title"), matter.title, wide=True),
    ]
    return slips.slip_pdf(
        slips.slip(heading=_("Processing slip"), number=matter.number, facts=facts, matter_id=matter.pk, at=at)
    )


def papers(matter_id: int, *, number: str) -> list[tuple[str, str, io.BytesIO]]:
    """The opinions as (role, name, content), when there are any."""
    content = opinions_text(matter_id)
    if not content.strip():
        return []
    name = _("Opinions %(number)s.txt") % {"number": number.replace("/", "-")}
    return [("OPINIONS", name, io.BytesIO(content))]


def closed_matter(subject: str) -> Matter | None:
    """The closed matter that a subject of the archive names."""
    key = subject.removeprefix(SUBJECT)
    if not subject.startswith(SUBJECT) or not key.isdigit():
        return None
    return Matter.objects.select_related("unit").filter(pk=int(key), state=MatterState.CLOSED).first()


def url_of(subject: str) -> str:
    """The page of the matter."""
    key = subject.removeprefix(SUBJECT)
    return reverse("procedures:matter", args=[int(key)]) if key.isdigit() else ""


def year_of(matter: Matter) -> int:
    """The year of the day on which it ended."""
    return clock.date_of(matter.closed_at or matter.opened_at).year


def hindrances_of_subject(subject: str, by: Actor) -> list[Hindrance]:
    """As `hindrances`, asked by the archive."""
    matter = closed_matter(subject)
    return hindrances(matter.pk) if matter is not None else [Hindrance(_("The matter is not closed yet."))]
