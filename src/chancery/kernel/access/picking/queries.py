"""The two sources: what the directory finds, less whom it does not concern."""

from __future__ import annotations

from collections.abc import Collection

from chancery.foundations import clock
from chancery.foundations.web.picker import Line, Source, register
from chancery.kernel.access.accounts import rules
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.picking.terms import REACHABLE, WITHOUT_ACCOUNT
from chancery.kernel.directory.models import Holding
from chancery.kernel.directory.picking import queries as directory

_CANDIDATES = 300  # found by the directory before the others are left out


def people_without_account(typed: str, most: int) -> list[Line]:
    """People one could invite."""
    return _uninvited(directory.people_found(typed, _CANDIDATES))[:most]


def people_named(ids: Collection[int]) -> list[Line]:
    """Those of them who could be invited."""
    return _uninvited(directory.people_named(ids))


def _uninvited(lines: list[Line]) -> list[Line]:
    known = set(
        Account.objects.filter(person_id__in=[line.value for line in lines]).values_list("person_id", flat=True)
    )
    return [line for line in lines if line.value not in known]


def reachable_posts(typed: str, most: int, *, within: Collection[int] | None = None) -> list[Line]:
    """Posts that can be sent something."""
    return _reachable(directory.find_posts(typed, _CANDIDATES, within=within))[:most]


def reachable_named(ids: Collection[int]) -> list[Line]:
    """Those of the posts that can be sent something."""
    return _reachable(directory.posts_named(ids))


def _reachable(lines: list[Line]) -> list[Line]:
    held = set(
        Holding.objects.filter(
            post_id__in=[line.value for line in lines],
            during__contains=clock.today(),
            is_void=False,
            person__account__is_active=True,
        ).values_list("post_id", flat=True)
    )
    return [line for line in lines if line.value in held]


def register_sources() -> None:
    """Offer them."""
    register(Source(WITHOUT_ACCOUNT, people_without_account, people_named, rule=rules.may_keep_accounts))
    register(Source(REACHABLE, reachable_posts, reachable_named))
