"""Pytest fixtures with the cast: every test enters as somebody of it, the least privileged who will do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from chancery.demo.cast import Cast
    from chancery.foundations.actor import Actor

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)  # noon in Beijing, a Monday


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast as Actors: `cast.registrar`, `cast.outsider`, `cast.two_hats`, `cast.two_hats_enterprise`."""
    from chancery.demo.cast import PASSWORD, build_cast
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as

    with acting_as(SYSTEM):
        return build_cast(at=clock.now(), password=PASSWORD)


@pytest.fixture
def client_as() -> Callable[[Actor], Client]:
    """A test client signed in as an Actor, under that Actor's hat: `client_as(cast.registrar).get("/inbox/")`."""
    from django.test import Client

    from chancery.kernel.access.accounts.models import Account
    from chancery.kernel.access.middleware import HAT

    def enter(actor: Actor) -> Client:
        client = Client()
        client.force_login(Account.objects.get(pk=actor.account_id))
        session = client.session
        session[HAT] = actor.post_id
        session.save()
        return client

    return enter
