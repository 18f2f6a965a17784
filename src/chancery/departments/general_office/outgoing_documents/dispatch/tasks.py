"""The round of the letters."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.outgoing_documents.dispatch import services
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic


@periodic("1-59/2 * * * *")
def letters_round(*, at: dt.datetime) -> None:
    """Take in what became of the letters, a minute after the post round."""
    services.take_in_mail(by=SYSTEM, at=at)
