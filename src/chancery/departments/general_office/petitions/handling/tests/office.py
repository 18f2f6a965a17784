"""A petition on its way, for the tests of handling and of review."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.handling import queries
from chancery.departments.general_office.petitions.models import Petition, PetitionStage
from chancery.departments.general_office.petitions.tests.desk import received
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Task

#: A Monday; the calendar of the year is known.
AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
WHOLE = {
    "request": "要求复核评审结果。",
    "facts": "经查，评审程序符合规定，但有一处计分错误。",
    "view": "更正计分，维持评审等级。",
    "basis": "《评审办法》第十二条。",
    "remedy": "如不服，可在三十日内申请复查。",
}


def later(days: int, at: dt.datetime = AT) -> dt.datetime:
    """Some days on."""
    return at + dt.timedelta(days=days)


def seen(petition: Petition) -> Petition:
    """The petition as it stands."""
    with acting_as(SYSTEM), transaction.atomic():
        return Petition.objects.get(pk=petition.pk)


def stage_of(petition: Petition) -> PetitionStage:
    """The stage that runs, or ran last."""
    with acting_as(SYSTEM), transaction.atomic():
        return PetitionStage.objects.filter(petition=petition).order_by("-opened_at", "-id")[0]


def waits(petition: Petition) -> Task | None:
    """What waits, whoever may know."""
    with acting_as(SYSTEM), transaction.atomic():
        found = queries.open_tasks(petition.pk)
    return found[0] if found else None


def step(petition: Petition, by: Actor, press: str, at: dt.datetime = AT, opinion: str = "", **data: Any) -> None:
    """Do the step that waits."""
    task = waits(petition)
    assert task is not None, "nothing waits"
    with acting_as(by), transaction.atomic():
        procedures.complete(task_id=task.pk, outcome=press, opinion=opinion, data=data, by=by, at=at)


def registered(cast: Any, at: dt.datetime = AT, title: str = "对评审结果的申诉", **more: Any) -> Petition:
    """A petition with its number: the decision waits."""
    got = received(at=at, **more)
    return petitions.register(petition_id=got.petition.pk, title=title, by=cast.petition_registrar, at=at)


def accepted(cast: Any, at: dt.datetime = AT, **more: Any) -> Petition:
    """Accepted and notified: the assignment waits."""
    made = registered(cast, at, **more)
    step(made, cast.petition_officer, "ACCEPT", at)
    step(made, cast.petition_officer, "TOLD", at, text="您的信访事项已受理。")
    return made


def assigned(cast: Any, at: dt.datetime = AT, unit: str = "PF", post: int | None = None, **more: Any) -> Petition:
    """With the handlers of a unit."""
    made = accepted(cast, at, **more)
    given = {"unit": cast.units[unit], "post": post, "handler_unit": cast.units[unit], "handler_post": post}
    step(made, cast.petition_officer, "ASSIGN", at, **given)
    return made


def drafted(cast: Any, at: dt.datetime = AT, outcome: str = "PARTLY", **more: Any) -> Petition:
    """The opinion waits for the head."""
    made = assigned(cast, at, **more)
    step(made, cast.handler, "OPINION", at)
    step(made, cast.handler, "SUBMIT", at, **WHOLE, outcome=outcome)
    return made


def answered(cast: Any, at: dt.datetime = AT, **more: Any) -> Petition:
    """Answered by the head."""
    made = drafted(cast, at, **more)
    step(made, cast.office_head, "APPROVE", at)
    return made
