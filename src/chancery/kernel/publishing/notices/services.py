"""Writing, sending to review, publishing, taking back."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.papers import Limits, Unacceptable, examine
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused, Stale
from chancery.foundations.words import words
from chancery.kernel.access.services import add_readers, open_guard
from chancery.kernel.procedures import services as procedures
from chancery.kernel.publishing.notices import rules
from chancery.kernel.publishing.notices.models import NoticeFile, NoticeItem, PublicNotice
from chancery.kernel.publishing.notices.terms import (
    EDITOR,
    FILE_MB,
    FILES_MOST,
    PROCEDURE,
    REVIEWER,
    SUBJECT,
    NoticeState,
)
from chancery.kernel.records.files.rules import clean_name, refusal_of
from chancery.kernel.records.services import store_file


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
def attach_file(
    *, notice_id: int, titles: tuple[str, str], name: str, content: IO[bytes], by: Actor, at: dt.datetime
) -> NoticeFile:
    """Attach a file to a draft: of a safe kind, of a bearable size, examined and unmarked as every file is."""
    notice = _locked(notice_id)
    rules.may_write(by, notice.unit_id).demand()
    rules.is_draft(notice.state).demand()
    rules.is_titled(titles).demand()
    held = rulebook.held([FILE_MB, FILES_MOST], on=clock.date_of(at))
    size = content.seek(0, io.SEEK_END)
    content.seek(0)
    rules.has_room(
        size, notice.files.count(), most=int(held[FILES_MOST].number), most_mb=int(held[FILE_MB].number)
    ).demand()
    try:
        paper = examine(clean_name(name), content, Limits(size=size))
    except Unacceptable as fault:
        refusal_of(fault, name=clean_name(name)).demand()
        raise  # unreachable: the verdict refuses
    rules.is_safe(clean_name(name), paper.media_type.name).demand()
    content.seek(0)
    owner = f"{SUBJECT}:{notice.pk}"
    stored = store_file(guard_id=notice.guard_id, name=name, content=content, owner=owner, by=by, at=at)
    if notice.files.filter(sha256=stored.sha256).exists():
        raise Refused(_("This file is attached already."), field="file")
    made = NoticeFile.objects.create(
        notice=notice,
        stored=stored,
        title_en=titles[0].strip(),
        title_zh=titles[1].strip(),
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        particulars=" ".join(paper.particulars.split())[:1000],
    )
    journal.write(by=by, at=at, act="notice.file_added", on=notice, data={"name": made.name, "sha256": made.sha256})
    return made


@service
def detach_file(*, notice_id: int, file_id: int, by: Actor, at: dt.datetime) -> None:
    """Take an attachment off a draft; the stored file stays in the house."""
    notice = _locked(notice_id)
    rules.may_write(by, notice.unit_id).demand()
    rules.is_draft(notice.state).demand()
    found = notice.files.filter(pk=file_id).first()
    if found is None:
        raise NoSuchNotice(_("There is no such attachment."))
    journal.write(by=by, at=at, act="notice.file_removed", on=notice, data={"name": found.name, "sha256": found.sha256})
    found.delete()


@service
def submit_notice(*, notice_id: int, by: Actor, at: dt.datetime) -> Any:
    """Send a draft to publication review; returns the matter."""
    notice = _locked(notice_id)
    rules.may_write(by, notice.unit_id).demand()
    rules.is_draft(notice.state).demand()
    notice.state = NoticeState.REVIEW
    notice.save(update_fields=["state"])
    notice.files.update(verdict="", reason="", reviewed_person=None, reviewed_at=None)  # an earlier review is over
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
    *,
    notice_id: int,
    verdicts: Mapping[int, tuple[str, str]],
    files: Mapping[int, tuple[str, str]] | None = None,
    by: Actor,
    at: dt.datetime,
) -> PublicNotice:
    """Say of every item, and of every attachment, whether it may go out: {item: (verdict, reason)}."""
    files = files or {}
    notice = _locked(notice_id)
    rules.not_the_maker(by, notice.made_person_id).demand()
    if notice.state != NoticeState.REVIEW:
        raise Stale(_("This notice is not under review."))
    rules.are_verdicts(verdicts, list(notice.items.values_list("pk", flat=True))).demand()
    rules.are_verdicts(files, list(notice.files.values_list("pk", flat=True)), prefix="file_").demand()
    for rows, said in ((notice.items, verdicts), (notice.files, files)):
        for key, (verdict, reason) in said.items():
            rows.filter(pk=key).update(
                verdict=verdict, reason=reason.strip()[:500], reviewed_person_id=by.person_id, reviewed_at=at
            )
    given = [verdict for verdict, _reason in (*verdicts.values(), *files.values())]
    held = sum(verdict != "CLEARED" for verdict in given)
    journal.write(by=by, at=at, act="notice.reviewed", on=notice, data={"cleared": len(given) - held, "held": held})
    return notice


@service
def publish_notice(*, notice_id: int, by: Actor, at: dt.datetime) -> PublicNotice:
    """Out it goes: everybody may read it. The database asks again whether another person cleared every item."""
    notice = _locked(notice_id)
    rules.not_the_maker(by, notice.made_person_id).demand()
    verdicts = [*notice.items.values_list("verdict", flat=True), *notice.files.values_list("verdict", flat=True)]
    rules.is_cleared(verdicts).demand()
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
