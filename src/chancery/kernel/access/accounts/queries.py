"""Questions about accounts and invitations."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.accounts.models import Invitation


def digest_of(secret: str) -> str:
    """What is kept of a link's secret. It has 256 random bits, so a plain SHA-256 is as good as a slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_invitation(secret: str, *, at: dt.datetime) -> Invitation | None:
    """The invitation of a link that can still be used; asked by somebody who is not signed in."""
    with acting_as(SYSTEM), transaction.atomic():
        return (
            Invitation.objects.select_related("person")
            .filter(digest=digest_of(secret), accepted_at=None, withdrawn_at=None, expires_at__gt=at)
            .first()
        )
