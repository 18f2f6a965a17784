"""Writing, sending to review, publishing, taking back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Stale
from chancery.foundations.words import words
from chancery.kernel.access.services import add_readers, open_guard
from chancery.kernel.procedures import services as procedures
from chancery.kernel.publishing.notices import rules
from chancery.kernel.publishing.notices.models import NoticeItem, PublicNotice
from chancery.kernel.publishing.notices.terms import EDITOR, PROCEDURE, REVIEWER, SUBJECT, NoticeState


class NoSuchNotice(Refused):
    """There is no such notice, or it is not the actor's to see."""


@service
def draft_notice(
    *, unit_id: int, title: tuple[str, str], text: tuple[str, str], by: Actor, at: dt.datetime
) -> PublicNotice:
    """Begin a notice; title and text are (English, Chinese)."""
    rules.may_write(by, unit_id).demand()
    rules.is_notice(title, text).demand()
    if by.person_id is None:
        raise Refused(_("Only a person writes notices."))
    guard = open_guard(unit_id=unit_id, label=Clearance.INTERNAL, by=by, at=at)
    add_readers(
        guard_id=guard.pk, readers=[(None, role, unit_id) for role in (EDITOR, REVIEWER)], how="notice", by=by, at=at
    )
    notice = PublicNotice.objects.create(
        guard=guard,
        unit_id=unit_id,
        title_en=title[0].strip(),
        title_zh=title[1].strip(),
        made_person_id=by.person_id,
        made_at=at,
    )
    _write_items(notice, title, text)
    journal.write(by=by, at=at, act="notice.drafted", on=notice)
    return notice


@service
def change_notice(
    *, notice_id: int, title: tuple[str, str], text: tuple[str, str], seen_version: int, by: Actor, at: dt.datetime
) -> PublicNotice:
    """Write a draft anew; what a reviewer said of the earlier text is gone with it."""
    notice = _locked(notice_id)
    rules.may_write(by, notice.unit_id).demand()
    rules.is_draft(notice.state).demand()
    rules.is_notice(title, text).demand()
    if notice.version != seen_version:
        raise Stale(_("Somebody changed this notice meanwhile."))
    notice.title_en, notice.title_zh, notice.version = title[0].strip(), title[1].strip(), notice.version + 1
    notice.save(update_fields=["title_en", "title_zh", "version"])
    NoticeItem.objects.filter(notice=notice).delete()
    _write_items(notice, title, text)
    journal.write(by=by, at=at, act="notice.changed", on=notice)
    return notice


@service
def submit_notice(*, notice_id: int, by: Actor, at: dt.datetime) -> Any:
    """Send a draft to publication review; returns the matter."""
    notice = _locked(notice_id)
    rules.may_write(by, notice.unit_id).demand()
    rules.is_draft(notice.state).demand()
    notice.state = NoticeState.REVIEW
    notice.save(update_fields=["state"])
    journal.write(by=by, at=at, act="notice.submitted", on=notice)
    matter = procedures.open_matter(
        procedure=PROCEDURE,
        title=(_("Notice: %(title)s") % {"title": words(notice, "title")})[:300],
        unit_id=notice.unit_id,
        label=Clearance.INTERNAL,
        subject=f"{SUBJECT}:{notice.pk}",
        guard_id=notice.guard_id,
        by=by,
        at=at,
    )
    PublicNotice.objects.filter(pk=notice.pk).update(matter_id=matter.pk)
    return matter


@service
def review_items(
    *, notice_id: int, verdicts: Mapping[int, tuple[str, str]], by: Actor, at: dt.datetime
) -> PublicNotice:
    """Say of every item whether it may go out: {item: (verdict, reason)}."""
    notice = _locked(notice_id)
    rules.not_the_maker(by, notice.made_person_id).demand()
    if notice.state != NoticeState.REVIEW:
        raise Stale(_("This notice is not under review."))
    rules.are_verdicts(verdicts, list(notice.items.values_list("pk", flat=True))).demand()
    for key, (verdict, reason) in verdicts.items():
        NoticeItem.objects.filter(pk=key, notice=notice).update(
            verdict=verdict, reason=reason.strip()[:500], reviewed_person_id=by.person_id, reviewed_at=at
        )
    held = sum(1 for verdict, _reason in verdicts.values() if verdict != "CLEARED")
    journal.write(by=by, at=at, act="notice.reviewed", on=notice, data={"cleared": len(verdicts) - held, "held": held})
    return notice


@service
def publish_notice(*, notice_id: int, by: Actor, at: dt.datetime) -> PublicNotice:
    """Out it goes: everybody may read it. The database asks again whether another person cleared every item."""
    notice = _locked(notice_id)
    rules.not_the_maker(by, notice.made_person_id).demand()
    rules.is_cleared(list(notice.items.values_list("verdict", flat=True))).demand()
    notice.state, notice.published_at = NoticeState.PUBLISHED, at
    notice.save(update_fields=["state", "published_at"])
    journal.write(by=by, at=at, act="notice.published", on=notice)
    return notice


@service
def return_notice(*, notice_id: int, by: Actor, at: dt.datetime) -> PublicNotice:
    """Back to its editor, a draft again; nothing when it is one already."""
    notice = _locked(notice_id)
    if notice.state != NoticeState.REVIEW:
        return notice
    notice.state = NoticeState.DRAFT
    notice.save(update_fields=["state"])
    journal.write(by=by, at=at, act="notice.returned", on=notice)
    return notice


@service
def withdraw_notice(*, notice_id: int, reason: str, by: Actor, at: dt.datetime) -> PublicNotice:
    """Take a published notice back. That there was one stays told; what it said does not."""
    notice = _locked(notice_id)
    rules.may_write(by, notice.unit_id).demand()
    rules.may_withdraw(notice.state, reason).demand()
    notice.state, notice.withdrawn_at, notice.withdrawn_reason = NoticeState.WITHDRAWN, at, reason.strip()[:500]
    notice.save(update_fields=["state", "withdrawn_at", "withdrawn_reason"])
    journal.write(by=by, at=at, act="notice.withdrawn", on=notice, data={"reason": notice.withdrawn_reason})
    return notice


def _write_items(notice: PublicNotice, title: tuple[str, str], text: tuple[str, str]) -> None:
    NoticeItem.objects.bulk_create(
        NoticeItem(notice=notice, position=place, text_en=en.strip(), text_zh=zh.strip())
        for place, (en, zh) in enumerate(rules.items(title, text))
    )


def _locked(notice_id: int) -> PublicNotice:
    # The public policy shows a published row, but only who has it in hand may lock it.
    notice = PublicNotice.objects.select_for_update(of=("self",)).filter(pk=notice_id).first()
    if notice is None:
        raise NoSuchNotice(_("There is no such notice."))
    return notice
