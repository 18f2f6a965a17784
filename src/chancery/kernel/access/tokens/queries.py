"""From a token to its Actor."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.web.columns import Rows
from chancery.kernel.access.hats.queries import wardrobe
from chancery.kernel.access.tokens.models import ApiToken

MARK = "chy_"
_USED_STEP = dt.timedelta(minutes=1)


def digest_of(key: str) -> str:
    """What is kept of a key. It has 256 random bits, so a plain SHA-256 is as good as a slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()


def key_in(header: str) -> str:
    """The key of an Authorization header; "" when it carries none."""
    kind, _space, key = header.partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


def actor_with(key: str, *, at: dt.datetime) -> Actor | None:
    """The Actor of a key that is known, unexpired, not revoked, and whose person still holds its post."""
    # Nobody is known yet: the system looks the key up.
    with acting_as(SYSTEM), transaction.atomic():
        token = (
            ApiToken.objects.filter(digest=digest_of(key), revoked_at=None, expires_at__gt=at)
            .values("id", "account_id", "post_id", "scopes", "last_used_at")
            .first()
        )
    if token is None:
        return None
    found = wardrobe(token["account_id"])
    if found is None or found.hat(token["post_id"]) is None:
        return None
    if token["last_used_at"] is None or at - token["last_used_at"] > _USED_STEP:
        from chancery.kernel.access.tokens import services

        services.note_use(token_id=token["id"], at=at, by=SYSTEM)
    return found.actor(token["post_id"], scopes=frozenset(token["scopes"]))


def tokens_of(account_id: int | None) -> list[dict[str, Any]]:
    """An account's tokens, newest first; the standing ones before the ended."""
    rows: Rows = ApiToken.objects.filter(account_id=account_id or 0).order_by("revoked_at", "-created_at")
    return list(
        rows.values(
            "id", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at",
            "post__title_en", "post__title_zh", "post__unit__name_en", "post__unit__name_zh",
        )
    )  # fmt: skip
