"""Fill a journey's database in a process of its own: the demo if it is there, else the cast; a session for each member.

Prints {member: session cookie} as one line of JSON.
"""

from __future__ import annotations

import importlib.util
import json
import sys

STORIES = 60  # enough for every stage to occur


def main() -> None:
    import django

    django.setup()
    from django.test import Client

    from chancery.demo import cast as cast_of
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.access.middleware import HAT
    from chancery.kernel.records.fileplan.services import load_plan

    with acting_as(SYSTEM):
        if "--bare" not in sys.argv and importlib.util.find_spec("chancery.demo.build"):
            from chancery.demo.build import build

            build(progress=lambda done, total, words: None, count=STORIES)
        else:
            from chancery.departments.general_office.outgoing_documents.drafting.beginnings.services import (
                load_templates,
            )
            from chancery.foundations.rulebook.services import load_all
            from chancery.kernel.records.papertypes.services import load_types

            for load in (load_all, load_types, load_templates):
                load(by=SYSTEM, at=clock.now())
        cast = cast_of.build_cast(at=clock.now(), password=cast_of.PASSWORD)
        load_plan(unit_id=cast.units["CAST"], keeper_unit_id=cast.units["GO"], by=SYSTEM, at=clock.now())
        sessions = {}
        for key, account in cast.accounts.items():
            client = Client()
            client.force_login(account)
            session = client.session
            session[HAT] = getattr(cast, key).post_id
            session.save()
            sessions[key] = session.session_key
    print(json.dumps(sessions))


if __name__ == "__main__":
    main()
