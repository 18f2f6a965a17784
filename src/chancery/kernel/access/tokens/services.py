"""Making, revoking, using tokens."""

from __future__ import annotations

import datetime as dt
import secrets

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal.services import write as journal_write
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.access.tokens import rules
from chancery.kernel.access.tokens.models import ApiToken
from chancery.kernel.access.tokens.queries import MARK, digest_of


@service
def make_token(
    *, name: str, scopes: list[str], expires_at: dt.datetime, by: Actor, at: dt.datetime
) -> tuple[ApiToken, str]:
    """A token for the actor's own hat; its key is given back this once and never kept."""
    rules.may_make(by).demand()
    rules.are_scopes(scopes).demand()
    rules.ends_in_time(expires_at, at).demand()
    key = MARK + secrets.token_urlsafe(32)
    assert by.account_id is not None and by.post_id is not None  # noqa: S101 - may_make saw to it
    token = ApiToken.objects.create(
        account_id=by.account_id,
        post_id=by.post_id,
        name=name.strip(),
        prefix=key[: len(MARK) + 6],
        digest=digest_of(key),
        scopes=sorted(scopes),
        created_at=at,
        expires_at=expires_at,
    )
    journal_write(
        by=by,
        at=at,
        act="token.made",
        on=token,
        label=Clearance.RESTRICTED,
        data={"name": token.name, "scopes": token.scopes, "expires_at": expires_at.isoformat()},
    )
    return token, key


@service
def revoke_token(*, token_id: int, by: Actor, at: dt.datetime) -> None:
    """End one of the actor's own tokens at once."""
    token = ApiToken.objects.select_for_update().filter(pk=token_id, account_id=by.account_id or 0).first()
    if token is None:
        raise Refused(_("There is no such token of yours."))
    if token.revoked_at is not None:
        return
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    journal_write(by=by, at=at, act="token.revoked", on=token, label=Clearance.RESTRICTED, data={"name": token.name})


@service
def note_use(*, token_id: int, at: dt.datetime, by: Actor = SYSTEM) -> None:
    """Remember that a token was used (once a minute is enough)."""
    ApiToken.objects.filter(pk=token_id).update(last_used_at=at)
