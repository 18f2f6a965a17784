"""Step → form, rule, service, for public_notice.bpmn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, first_refusal, yes
from chancery.kernel.procedures.bindings import ProcedureBinding, Step, register
from chancery.kernel.publishing.notices import forms, queries, rules, services
from chancery.kernel.publishing.notices.models import PublicNotice
from chancery.kernel.publishing.notices.terms import EDITOR, PROCEDURE, REVIEW_DAYS

Data = Mapping[str, Any]
FILE = "file_"  # fields of attachments


def _verdicts(data: Data, prefix: str = "") -> dict[int, tuple[str, str]]:
    """{item: (verdict, reason)} of the form."""
    return {
        int(name.rpartition("_")[2]): (str(value), str(data.get(f"{prefix}reason_{name.rpartition('_')[2]}") or ""))
        for name, value in data.items()
        if name.startswith(f"{prefix}verdict_")
    }


def may_review(*, by: Actor, matter: Any, task: Any, outcome: str, data: Data) -> Verdict:
    """Never its writer; it goes out when every item may."""
    notice = PublicNotice.objects.get(pk=queries.notice_id_of(matter))
    given, files = _verdicts(data), _verdicts(data, FILE)
    verdicts = [verdict for verdict, _reason in (*given.values(), *files.values())]
    return first_refusal(
        rules.not_the_maker(by, notice.made_person_id),
        rules.are_verdicts(given, [row.pk for row in queries.items_of(notice.pk)]),
        rules.are_verdicts(files, [row.pk for row in queries.files_of(notice.pk)], prefix=FILE),
        rules.is_cleared(verdicts) if outcome == "PUBLISH" else yes(),
    )


def reviewed(*, matter: Any, task: Any, outcome: str, opinion: str, data: Data, by: Actor, at: dt.datetime) -> None:
    """Write down what was said of each item; publish, or return."""
    notice_id = queries.notice_id_of(matter)
    services.review_items(notice_id=notice_id, verdicts=_verdicts(data), files=_verdicts(data, FILE), by=by, at=at)
    if outcome == "PUBLISH":
        services.publish_notice(notice_id=notice_id, by=by, at=at)
    else:
        services.return_notice(notice_id=notice_id, by=by, at=at)


def closed(*, matter: Any, by: Actor, at: dt.datetime) -> None:
    """A review that was closed by hand leaves a draft."""
    services.return_notice(notice_id=queries.notice_id_of(matter), by=by, at=at)


BINDING = ProcedureBinding(
    code=PROCEDURE,
    bpmn=Path(__file__).parent / "public_notice.bpmn",
    name_en="Publication of a notice",
    name_zh="对外公告发布",
    steps={
        "review": Step(
            outcomes={"PUBLISH": ("Publish", "准予发布"), "RETURN": ("Return to the editor", "退回修改")},
            form=forms.ReviewForm,
            rule=may_review,
            after=reviewed,
            opinion_needed=frozenset({"RETURN"}),
            limit_key=REVIEW_DAYS,
            may_return_to=(),
            help=(
                "Look at every item: state secrets, work secrets, personal data, what is not decided yet.",
                "逐项审查：国家秘密、工作秘密、个人信息，以及尚未决定的事项。",
            ),
        ),
    },
    openers=(EDITOR,),
    after_close=closed,
    panel_template="publishing/notices/panel.html",
    panel_context=queries.panel,
    basis=(
        "Law on Guarding State Secrets 2024: what is published is reviewed first.",
        "《中华人民共和国保守国家秘密法》(2024)：公开发布信息应当经过保密审查。",
    ),
)


def bring() -> None:
    """Put the procedure on the board."""
    register(BINDING)
