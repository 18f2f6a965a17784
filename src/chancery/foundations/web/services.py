"""What the screen lets people keep for themselves."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils.translation import gettext as _

from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.foundations.web.models import SavedView, SpentProof

MOST = 50


class TooManyViews(Refused):
    """The drawer is full."""


@service
def save_view(*, page: str, name: str, address: str, by: Actor, at: dt.datetime) -> SavedView:
    """Keep a narrowed list under a name; the same name again replaces it."""
    if not name.strip():
        raise Refused(_("Give the view a name."), field="name")
    if not address.startswith("/") or address.startswith("//"):
        raise Refused(_("Only a page of this site can be kept."))
    account = by.account_id or 0
    mine = SavedView.objects.filter(account=account, page=page)
    if mine.count() >= MOST:
        raise TooManyViews(_("%(count)s views are kept for this list already; take one out first.") % {"count": MOST})
    view, _made = mine.update_or_create(
        name=name.strip()[:60],
        defaults={"address": address},
        create_defaults={"address": address, "account": account, "page": page},
    )
    return view


@service
def forget_view(*, view_id: int, by: Actor, at: dt.datetime) -> None:
    """Take a kept view out."""
    SavedView.objects.filter(pk=view_id, account=by.account_id or 0).delete()


@service
def spend_proof(*, nonce: str, expires_at: dt.datetime, by: Actor, at: dt.datetime) -> bool:
    """Use an answered challenge; False when it was used before. What has run out is swept on the way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into web_spentproof (nonce, expires_at) values (%s, %s) on conflict (nonce) do nothing",
            [nonce, expires_at],
        )
        is_first = bool(cursor.rowcount == 1)
    if is_first and nonce[0] == "0":  # one in some sixty sweeps for the others
        SpentProof.objects.filter(expires_at__lt=at).delete()
    return is_first
