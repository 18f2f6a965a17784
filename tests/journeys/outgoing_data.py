"""What a paper of Planning and Finance needs before its journey: a seal with a keeper, and a numbering series.

Run in the site's environment; what is there already is left alone.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal


def main() -> None:
    import django

    django.setup()
    from django.db import transaction

    from chancery.demo.cast import load_cast
    from chancery.departments.general_office.outgoing_documents.issuing.series import queries as series_queries
    from chancery.departments.general_office.outgoing_documents.issuing.series import services as series
    from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.procedures.services import load_definitions
    from chancery.kernel.records.papertypes.services import load_types
    from chancery.kernel.records.seals.queries import seals_for_unit
    from chancery.kernel.records.seals.services import register_seal

    at, cast = clock.now(), load_cast()
    unit = cast.units["PF"]
    load_types(by=SYSTEM, at=at)
    load_definitions(by=SYSTEM, at=at)
    with acting_as(SYSTEM), transaction.atomic():
        has_seal = bool(seals_for_unit(unit, clock.today()))
        like = OutgoingDocument(issuer_id=unit, paper_type="NOTICE")
        has_series = bool(series_queries.series_for(like, clock.today()))
    if not has_seal:
        register_seal(
            code="PF-1",
            name_en="Seal of Planning and Finance (sample)",
            name_zh="计划财务部印章（样例）",
            legal_name="中国科学技术协会计划财务部",
            unit_id=unit,
            kind="OFFICIAL",
            diameter_mm=Decimal("42"),
            keeper_post_id=cast.seal_keeper.post_id,
            by=SYSTEM,
            at=at,
        )
    if not has_series:
        series.open_series(issuer_id=unit, code="pf", word="科协计函", valid_from=dt.date(2026, 1, 1), by=SYSTEM, at=at)


if __name__ == "__main__":
    main()
