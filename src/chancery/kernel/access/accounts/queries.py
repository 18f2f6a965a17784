"""Questions about accounts and invitations."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.web.columns import Rows
from chancery.kernel.access.accounts.models import Account, Invitation


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


def account_rows() -> Rows:
    """Accounts with the names of their people, for the list."""
    return Account.objects.annotate(
        person_en=F("person__name_en"),
        person_zh=F("person__name_zh"),
        is_sample=F("person__is_sample"),
        has_second_factor=Exists(
            Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        ),
    ).values(
        "id", "email", "person_en", "person_zh", "is_sample", "clearance", "is_active", "last_login", "created_at",
        "has_second_factor",
    )  # fmt: skip


def open_invitations(at: dt.datetime) -> list[dict[str, Any]]:
    """Invitations that can still be used, or that lie expired and unused."""
    rows = Invitation.objects.filter(accepted_at=None, withdrawn_at=None).order_by("-created_at")
    found = rows.values("id", "email", "expires_at", "created_at", "person__name_en", "person__name_zh")
    return [{**row, "is_expired": row["expires_at"] <= at} for row in found]


def session_count(account_id: int) -> int:
    """In how many places an account is signed in."""
    return int(UserSession.objects.filter(user_id=account_id).count())
