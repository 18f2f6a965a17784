"""What the tests of levels share: a registered document, a proposal about it, the authority's decision."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chancery.departments.general_office.confidential_work.classification import services
from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.incoming_documents.tests.office import Office
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

GROUNDS = {"basis_clause": "personnel", "basis_text": "Names of candidates before the vote."}


class Desk(Office):
    """The office, and levels proposed and decided in it."""

    def paper(self, **facts: Any) -> str:
        """The subject of a registered document."""
        return f"general_office.incomingdocument:{self.register(**facts).pk}"

    def propose(self, subject: str, who: str = "registrar", **told: Any) -> Classification:  # type: ignore[override]  # another verb of the same name
        asked = {"level": "RESTRICTED", "years": 3, **GROUNDS, **told}
        return services.propose_level(subject=subject, by=getattr(self.cast, who), at=self.tick(), **asked)

    def propose_handling(self, *told: Any, **data: Any) -> None:
        """The office's own proposal: who handles, who reads."""
        super().propose(*told, **data)

    def decide(
        self, of: Classification, outcome: str = "APPROVE", who: str = "classifier", note: str = ""
    ) -> Classification:
        return services.decide(
            classification_id=of.pk, outcome=outcome, note=note, by=getattr(self.cast, who), at=self.tick()
        )

    def held(self, subject: str, **told: Any) -> Classification:
        """A level in force."""
        return self.decide(self.propose(subject, **told))

    def look_again(self, of: Classification) -> None:
        """Read it anew, as the system sees it."""
        with acting_as(SYSTEM):
            of.refresh_from_db()

    def label(self, of: Classification) -> int:
        with acting_as(SYSTEM):
            of.guard.refresh_from_db()
            return of.guard.label


def in_days(office: Office, days: int) -> dt.date:
    return office.at.date() + dt.timedelta(days=days)
