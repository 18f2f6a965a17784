"""What the door asks: its figures, the choices of its form, what stands behind a code."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.custody import queries as custody
from chancery.departments.general_office.petitions.door.terms import FOLLOW, SAID, SEND, SLOTS, Limits, Review
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import HEAD, Kind, Part, Side
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.web import frame
from chancery.foundations.web.proof import Figures
from chancery.foundations.words import words
from chancery.kernel.directory.models import Unit
from chancery.kernel.directory.terms import UnitKind
from chancery.kernel.publishing.terms import Group, Threshold, publish_thresholds, watch

_FIGURES = (
    "petition.door.hour",
    "petition.door.bits",
    "petition.door.most_bits",
    "petition.door.harder_every",
    "petition.door.valid",
    "petition.door.slow_wait",
    "petition.door.slow_hour",
)
_NEUTRAL = re.compile(r"Attachment (\d+)(\.\w+)?")
_SIZES = ("petition.text.max", "petition.file.max", "petition.files.max", "publishing.receipt.session_minutes")
_COMPLAINED_OF = (UnitKind.DEPARTMENT, UnitKind.OFFICE, UnitKind.HEADQUARTERS, UnitKind.LEADING_BODY)


def figures(form: str, on: dt.date) -> Figures:
    """What the computation before a form takes today."""
    held = {key: int(row.number) for key, row in rulebook.held(_FIGURES, on=on).items()}
    return Figures(
        form=form,
        bits=held["petition.door.bits"],
        most_bits=held["petition.door.most_bits"],
        harder_every=held["petition.door.harder_every"],
        valid_minutes=held["petition.door.valid"],
        slow_seconds=held["petition.door.slow_wait"],
        slow_an_hour=held["petition.door.slow_hour"],
    )


def sending(on: dt.date) -> Figures:
    """Of the petition form."""
    return figures(SEND, on)


def following(on: dt.date) -> Figures:
    """Of the code form, while codes are being guessed."""
    return figures(FOLLOW, on)


def limits(on: dt.date) -> Limits:
    """Sizes and rates of the door."""
    held = {key: int(row.number) for key, row in rulebook.held(("petition.door.hour", *_SIZES), on=on).items()}
    return Limits(
        an_hour=held["petition.door.hour"],
        text_most=held["petition.text.max"],
        file_mb=held["petition.file.max"],
        files_most=held["petition.files.max"],
        session_minutes=held["publishing.receipt.session_minutes"],
    )


def most_bytes() -> int:
    """What a form with attachments may have today."""
    return limits(clock.today()).most_bytes


def units() -> list[tuple[int, str]]:
    """The units of the house that a petition may be about."""
    rows = Unit.objects.filter(kind__in=_COMPLAINED_OF).order_by("pk")[:200]
    return [(row.pk, words(row)) for row in rows]


def fields() -> list[tuple[str, str]]:
    """Subject fields of today."""
    return petitions.fields(on=clock.today())


def thresholds(on: dt.date) -> Group:
    """The door's figures, as the status page publishes them."""
    asked, held = sending(on), limits(on)
    lines = (
        (_("Petitions from one place within an hour"), str(held.an_hour)),
        (
            _("Computation before sending"),
            _("about %(n)s hashes; twice as many with every %(every)s sendings from one place within an hour")
            % {"n": 2**asked.bits, "every": asked.harder_every},
        ),
        (
            _("Without JavaScript: wait before sending"),
            ngettext("%(n)s second", "%(n)s seconds", asked.slow_seconds) % {"n": asked.slow_seconds},
        ),
        (_("Without JavaScript, from one place within an hour, before a picture puzzle"), str(asked.slow_an_hour)),
        (
            _("Longest text of a field"),
            ngettext("%(n)s character", "%(n)s characters", held.text_most) % {"n": held.text_most},
        ),
        (
            _("Attachments"),
            _("%(n)s, of at most %(mb)s MB each; a form that is larger than all of them is not read")
            % {"n": held.files_most, "mb": held.file_mb},
        ),
        (_("File kinds"), "PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, OFD, TXT, CSV, MD, EML, PNG, JPEG, TIFF"),
    )
    return Group(
        title=_("Petitions"),
        lines=tuple(Threshold(what, figure) for what, figure in lines),
        counted=_(
            "Counted are sendings and wrong codes by place, under a keyed hash of the address that is deleted after a"
            " day. The address itself is not kept, and nothing of it is kept with a petition."
        ),
    )


# --- Behind a code ---------------------------------------------------------------------------------------------------
def opened(petition_id: int) -> Petition | None:
    """The petition a code has opened."""
    with acting_as(SYSTEM):
        return petitions.petition(petition_id)


def followed(petition: Petition) -> dict[str, Any]:
    """All that the sender is told: state in words, what comes next and by when, texts, files, openings, what may be
    done. What a unit or person of the house is called stands here; who handles does not."""
    means, following_step = SAID[petition.leads.state]
    texts = petitions.told_texts(petition.pk)
    questions = [text for text in texts if text["part"] == Part.QUESTION]
    answers = [text for text in texts if text["part"] == Part.ANSWER]
    whole = merged_into(petition)
    return {
        "petition": petition,
        "stands": petition.leads,
        "kind": Kind(petition.kind).label,
        "means": means,
        "next": following_step,
        "own": [text for text in texts if text["side"] == Side.PETITIONER],
        "told": [text for text in texts if text["side"] == Side.OFFICE] + whole,
        "asks": bool(questions) and (not answers or answers[-1]["at"] < questions[-1]["at"]),
        "files": [_in_words(file) for file in petitions.told_files(petition.pk)],
        "openings": custody.told_openings(petition.pk),
        "letters": SLOTS.letters(petition.pk) if SLOTS.letters is not None else [],
    }


def _in_words(file: dict[str, Any]) -> dict[str, Any]:
    """The neutral name of an attachment, “Attachment 3.pdf”, in the reader's language."""
    found = _NEUTRAL.fullmatch(file["name"])
    return {**file, "name": _("Attachment %(n)s") % {"n": found[1]} + (found[2] or "")} if found else file


def merged_into(petition: Petition) -> list[dict[str, Any]]:
    """What the office told in the petition that this one is handled with: answers, never what others wrote."""
    if petition.merged_into_id is None:
        return []
    return [
        text
        for text in petitions.told_texts(petition.merged_into_id)
        if text["side"] == Side.OFFICE and text["part"] != Part.QUESTION
    ]


def review_to_ask(petition_id: int, at: dt.datetime) -> Review | None:
    """The review that may be asked for, and until when; None when there is none, or no more."""
    with acting_as(SYSTEM):
        return SLOTS.review(petition_id, at) if SLOTS.review is not None else None


def open_door() -> None:
    """Take the door's place in the public frame, publish its figures, say who hears of guessed codes; at start."""
    frame.place("petitions", "petition_door:start")
    frame.place("open_archives", "general_office:open_archives")
    publish_thresholds(thresholds)
    watch(HEAD, _offices)


def _offices() -> list[int]:
    return [petitions.office_id()]
