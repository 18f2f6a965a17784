"""Questions, from the function folders."""

from chancery.kernel.procedures.definitions.queries import binding_of, listed, plan_of
from chancery.kernel.procedures.matters.queries import (
    circulation,
    matter,
    matter_of,
    open_tasks,
    opinions,
    plan_for,
    tasks,
)
from chancery.kernel.procedures.moving.queries import NotThere

__all__ = [
    "NotThere",
    "binding_of",
    "circulation",
    "listed",
    "matter",
    "matter_of",
    "open_tasks",
    "opinions",
    "plan_for",
    "plan_of",
    "tasks",
]
