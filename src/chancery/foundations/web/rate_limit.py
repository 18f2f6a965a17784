"""How often one address may knock at one door: a fixed window counted in PostgreSQL, so all web processes share it.

The count is made in the request's transaction; the middleware runs `again` after a rollback, so that a refused or
failed knock counts as well. The address itself is never stored, only a keyed hash of it, for a day.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Limit:
    """So many knocks in so many seconds."""

    count: int
    seconds: int


def parse(rate: str) -> Limit:
    """ "60/m" → 60 in 60 seconds."""
    count, _slash, unit = rate.partition("/")
    return Limit(int(count), SECONDS[unit])


def client_address(request: HttpRequest) -> str:
    """The caller's address. Behind a proxy the server puts the client's own address into REMOTE_ADDR."""
    return str(request.META.get("REMOTE_ADDR", ""))


def place_of(request: HttpRequest) -> str:
    """The place somebody calls from, to be counted by: an address, of IPv6 its network (/64). Kept as a hash only."""
    address = client_address(request)
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


def hashed(what: str, place: str) -> str:
    """The keyed hash under which something is counted for a place."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{what}|{place}".encode(), hashlib.sha256).hexdigest()[:32]


def tally(request: HttpRequest, what: str, place: str, seconds: int) -> int:
    """Count something for a place; how often it was counted within the running window."""
    now = int(time.time())
    key, window = hashed(what, place), now - now % seconds
    after_rollback(request, lambda: _count(key, window))
    return _count(key, window)


def counted(what: str, place: str, seconds: int) -> int:
    """How often something was counted for a place within the running window."""
    now = int(time.time())
    with connection.cursor() as cursor:
        cursor.execute(
            "select count from web_knock where key = %s and window_start = %s",
            [hashed(what, place), now - now % seconds],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def left_of(seconds: int) -> int:
    """How many seconds the running window still lasts."""
    return max(1, seconds - int(time.time()) % seconds)


def knock(request: HttpRequest, door: str, limit: Limit) -> int:
    """Count a knock; answer 0 to let in, or the seconds to wait."""
    now = int(time.time())
    window = now - now % limit.seconds
    key = hashed(door, client_address(request))
    counted = _count(key, window)
    after_rollback(request, lambda: _count(key, window))
    return 0 if counted <= limit.count else max(1, window + limit.seconds - now)


def after_rollback(request: HttpRequest, act: object) -> None:
    """Have `act` done in a transaction of its own if the request's is rolled back (ActorMiddleware)."""
    acts = getattr(request, "_after_rollback", None)
    if acts is None:
        acts = []
        request._after_rollback = acts  # type: ignore[attr-defined]  # the sign between door and middleware
    acts.append(act)


def _count(key: str, window: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into web_knock as k (key, window_start, count) values (%s, %s, 1)"
            " on conflict (key, window_start) do update set count = k.count + 1 returning count",
            [key, window],
        )
        counted = int(cursor.fetchone()[0])
        if counted == 1:
            # The first knock of a window sweeps what is older than a day; nothing else waits on those rows.
            cursor.execute("delete from web_knock where window_start < %s", [window - 86400])
        return counted
