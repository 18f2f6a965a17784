"""The world of the matrices, its people signed in, the values that lead to its things.

What needs Django's apps is imported where it is used: this file is read before they are there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from tests.access.world import World

AT = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once for the module, inside a transaction that is rolled back at its end."""
    from django.db import transaction
    from tests.access.world import build

    with django_db_blocker.unblock(), transaction.atomic():
        yield build(AT)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    """A signed-in client for each member, with a token for the API as well, and one for nobody."""
    from tests.access.walking import Walker

    from chancery.foundations.postgres.row_security import acting_as
    from chancery.kernel.access.accounts.models import Account
    from chancery.kernel.access.middleware import HAT
    from chancery.kernel.access.terms import TOKEN_SCOPES
    from chancery.kernel.access.tokens.services import make_token

    made: dict[str, Client] = {}
    for key, actor in world.actors.items():
        client = Walker(raise_request_exception=False)
        if actor.account_id is not None:
            client.force_login(Account.objects.get(pk=actor.account_id))
            session = client.session
            session[HAT] = actor.post_id
            session.save()
            with acting_as(actor):
                until = AT + dt.timedelta(days=30)
                _token, secret = make_token(name="matrix", scopes=list(TOKEN_SCOPES), expires_at=until, by=actor, at=AT)
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        made[key] = client
    return made


@pytest.fixture(scope="module")
def samples(world: World) -> dict[str, list[Any]]:
    """Values for each argument name: those of all guarded things, and open ones for the rest."""
    from tests.access.walking import samples_of

    return samples_of(world, world.things)
