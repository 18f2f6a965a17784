"""What the archive's journey begins with: an old letter that waits to be filed, and an empty room with a shelf.

Run in the site's environment with a name for the letter; prints the letter's matter as JSON. A letter of 1961, of which
year nothing else is kept, that turns up today: its period has run out the day it is filed, so that one story reaches
its end without moving the clock.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys

DATED = dt.date(1961, 3, 1)
SHELF = "J-01-1"


def main(title: str) -> None:
    import django

    django.setup()
    from django.db import transaction

    from chancery.demo.cast import load_cast
    from chancery.departments.general_office.archives.storage import services as storage
    from chancery.departments.general_office.archives.storage.models import StoragePlace
    from chancery.departments.general_office.archives.storage.terms import PlaceKind
    from chancery.departments.general_office.incoming_documents.intake import services as intake
    from chancery.departments.general_office.incoming_documents.registration import services as registration
    from chancery.departments.general_office.incoming_documents.tests.office import Office
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as

    cast = load_cast()
    office = Office(cast)
    office.at = clock.now() - dt.timedelta(days=1)
    facts = {
        "title": title,
        "sender": "Sample Society for Directories",
        "sender_number": f"S/1961/{abs(hash(title)) % 10**8}",
        "dated_on": DATED,
        "received_on": clock.date_of(office.at),
        "kind": "LETTER",
        "carrier": "PAPER",
    }
    draft = intake.open_draft(by=cast.registrar, at=office.tick())
    intake.add_file(
        document_id=draft.pk,
        name="letter.txt",
        content=io.BytesIO(f"{title}\n\nThe hall was lent for three days in March 1961.\n".encode()),
        by=cast.registrar,
        at=office.tick(),
    )
    document = registration.register_document(document_id=draft.pk, facts=facts, by=cast.registrar, at=office.tick())
    office.accept(document)
    office.propose(document)
    office.press(document, "handle", "NO_REPLY", "handler", "Noted. 已阅。", result="The hall was given back.")
    office.press(document, "office_check", "PASS", "office_head", "Complete. 办结。")

    given = {"by": cast.archivist, "at": clock.now()}
    with acting_as(SYSTEM), transaction.atomic():
        is_there = StoragePlace.objects.filter(code=SHELF).exists()
    if not is_there:
        room = storage.open_place(kind=PlaceKind.ROOM, code="J", keeper_unit_id=cast.units["GO"], **given)
        rack = storage.open_place(kind=PlaceKind.RACK, code="J-01", parent_id=room.pk, **given)
        storage.open_place(kind=PlaceKind.SHELF, code=SHELF, parent_id=rack.pk, width_mm=900, **given)
    print(json.dumps({"matter": document.matter_id}))


if __name__ == "__main__":
    main(sys.argv[1])
