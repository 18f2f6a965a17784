"""Nouns, from the function folders."""

from chancery.kernel.procedures.deadlines.models import ExtensionRequest, Pause, Urge
from chancery.kernel.procedures.definitions.models import Definition
from chancery.kernel.procedures.inbox.models import Watch
from chancery.kernel.procedures.matters.models import Matter, Opinion, Standing, Task
from chancery.kernel.procedures.notices.models import Mail, Notice

__all__ = [
    "Definition",
    "ExtensionRequest",
    "Mail",
    "Matter",
    "Notice",
    "Opinion",
    "Pause",
    "Standing",
    "Task",
    "Urge",
    "Watch",
]
