"""Verbs, from the function folders."""

from chancery.kernel.procedures.deadlines.services import (
    ask_extension,
    decide_extension,
    mark_overdue,
    pause,
    resume,
    run_timers,
    urge,
)
from chancery.kernel.procedures.definitions.services import load_definitions, migrate_matters
from chancery.kernel.procedures.inbox.services import act_on_many, look_at, watch
from chancery.kernel.procedures.matters.services import (
    amend_matter,
    circulate,
    close,
    end_circulation,
    open_matter,
    reopen,
    set_data,
)
from chancery.kernel.procedures.notices.services import (
    blot_mail,
    see_notices,
    send_mails,
    tell_posts,
    write_digests,
    write_mail,
    write_mails,
)
from chancery.kernel.procedures.tasks.services import (
    add_signer,
    claim,
    complete,
    delegate,
    mark_read,
    recall,
    release,
    return_to,
)

__all__ = [
    "act_on_many",
    "add_signer",
    "amend_matter",
    "ask_extension",
    "blot_mail",
    "circulate",
    "claim",
    "close",
    "complete",
    "decide_extension",
    "delegate",
    "end_circulation",
    "load_definitions",
    "look_at",
    "mark_overdue",
    "mark_read",
    "migrate_matters",
    "open_matter",
    "pause",
    "recall",
    "release",
    "reopen",
    "resume",
    "return_to",
    "run_timers",
    "see_notices",
    "send_mails",
    "set_data",
    "tell_posts",
    "urge",
    "watch",
    "write_digests",
    "write_mail",
    "write_mails",
]
