"""The fields, and the sources behind them.

reader = PostPicker(label=_("Hand over to"))                       # an id
readers = PostsPicker(Among.LEADING, label=_("Leaders"))           # ids
unit = UnitPicker(label=_("Lead unit"), required=False)
"""

from __future__ import annotations

import functools
from typing import Any

from chancery.foundations.web.picker import PickMany, PickOne, Source, register
from chancery.kernel.directory.picking import queries
from chancery.kernel.directory.picking.terms import Among


class PostPicker(PickOne):
    """One post."""

    def __init__(self, code: str = Among.HELD, **more: Any) -> None:
        super().__init__(code, **more)


class PostsPicker(PickMany):
    """Several posts."""

    def __init__(self, code: str = Among.HELD, **more: Any) -> None:
        super().__init__(code, **more)


class UnitPicker(PickOne):
    """One unit."""

    def __init__(self, code: str = Among.UNITS, **more: Any) -> None:
        super().__init__(code, **more)


class UnitsPicker(PickMany):
    """Several units."""

    def __init__(self, code: str = Among.UNITS, **more: Any) -> None:
        super().__init__(code, **more)


class PersonPicker(PickOne):
    """One person."""

    def __init__(self, code: str = Among.PEOPLE, **more: Any) -> None:
        super().__init__(code, **more)


def register_sources() -> None:
    """Offer the directory's own sources."""
    for code, is_held, is_leading in (
        (Among.HELD, True, False),
        (Among.LEADING, True, True),
        (Among.POSTS, False, False),
    ):
        find = functools.partial(queries.find_posts, is_held=is_held, is_leading=is_leading)
        named = functools.partial(queries.posts_named, is_held=is_held, is_leading=is_leading)
        register(Source(code, find, named))
    register(Source(Among.UNITS, queries.find_units, queries.units_named))
    register(
        Source(
            Among.COMING_UNITS,
            functools.partial(queries.find_units, is_coming=True),
            functools.partial(queries.units_named, is_coming=True),
        )
    )
    register(Source(Among.PEOPLE, queries.people_found, queries.people_named))
