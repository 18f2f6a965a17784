"""Questions, from the function folders."""

from chancery.kernel.procedures.definitions.queries import binding_of, days_by_step, listed, plan_of, step_names
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
from chancery.kernel.procedures.notices.queries import mail_states

__all__ = [
    "NotThere",
    "binding_of",
    "circulation",
    "days_by_step",
    "listed",
    "mail_states",
    "matter",
    "matter_of",
    "open_tasks",
    "opinions",
    "plan_for",
    "plan_of",
    "step_names",
    "tasks",
]
