"""What can be picked."""

from __future__ import annotations

from enum import StrEnum


class Among(StrEnum):
    """The sources of the directory. Departments register narrower ones."""

    HELD = "posts-held"  # posts somebody holds today
    LEADING = "posts-leading"  # leading posts somebody holds today
    POSTS = "posts"  # every post of today, vacant ones too
    UNITS = "units"  # every unit of today
    COMING_UNITS = "units-coming"  # those and the ones that begin later: for the directory's own desk
    PEOPLE = "people"  # every person whose name one may see
