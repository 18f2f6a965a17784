"""Verbs of comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries
from chancery.departments.general_office.outgoing_documents.comments import rules
from chancery.departments.general_office.outgoing_documents.comments.models import Comment
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations import manuscript
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.records import services as records

LONGEST = 2000


class NoSuchComment(Refused):
    """The remark does not exist for this actor."""


def _document(document_id: int) -> OutgoingDocument:
    found = queries.document(document_id)
    if found is None:
        raise NoSuchComment(_("There is no such document."))
    return found


def _said(text: str, by: Actor, at: dt.datetime) -> str:
    said = text.strip()
    if not said:
        raise Refused(_("Write what you have to say."), field="text")
    if len(said) > LONGEST:
        raise Refused(_("A comment has at most %(number)d characters.") % {"number": LONGEST}, field="text")
    records.demand_unmarked(texts={"text": said}, where="outgoing", by=by, at=at)
    return said


@service
def make_comment(
    *, document_id: int, text: str, anchor: Mapping[str, Any] | None = None, by: Actor, at: dt.datetime
) -> Comment:
    """A remark on a passage (`anchor`, as the editor gives it) or on the whole paper."""
    document = _document(document_id)
    rules.may_comment(by, document).demand()
    quote: dict[str, Any] = dict(manuscript.check_anchor(anchor)) if anchor else {}
    comment = Comment.objects.create(
        document=document,
        version=document.version,
        text=_said(text, by, at),
        person_id=by.person_id,
        post_id=by.post_id,
        at=at,
        **quote,
    )
    journal.write(by=by, at=at, act="comment.made", on=document, data={"comment": comment.pk})
    return comment


@service
def answer_comment(*, comment_id: int, text: str, by: Actor, at: dt.datetime) -> Comment:
    """An answer in a thread."""
    thread = _thread(comment_id)
    document = _document(thread.document_id)
    rules.may_comment(by, document).demand()
    answer = Comment.objects.create(
        document=document,
        thread=thread,
        version=document.version,
        text=_said(text, by, at),
        person_id=by.person_id,
        post_id=by.post_id,
        at=at,
    )
    journal.write(by=by, at=at, act="comment.answered", on=document, data={"comment": thread.pk})
    return answer


@service
def resolve_comment(*, comment_id: int, by: Actor, at: dt.datetime) -> Comment:
    """Settled: it leaves the margin and stays in the list. Twice is as good as once."""
    thread = _thread(comment_id)
    document = _document(thread.document_id)
    rules.may_comment(by, document).demand()
    if thread.resolved_at is None:
        thread.resolved_at, thread.resolved_person_id = at, by.person_id
        thread.save(update_fields=["resolved_at", "resolved_person"])
        journal.write(by=by, at=at, act="comment.resolved", on=document, data={"comment": thread.pk})
    return thread


@service
def reopen_comment(*, comment_id: int, by: Actor, at: dt.datetime) -> Comment:
    """Not settled after all."""
    thread = _thread(comment_id)
    document = _document(thread.document_id)
    rules.may_comment(by, document).demand()
    if thread.resolved_at is not None:
        thread.resolved_at = thread.resolved_person = None
        thread.save(update_fields=["resolved_at", "resolved_person"])
        journal.write(by=by, at=at, act="comment.reopened", on=document, data={"comment": thread.pk})
    return thread


def _thread(comment_id: int) -> Comment:
    found = Comment.objects.select_for_update(of=("self",)).filter(pk=comment_id, thread__isnull=True).first()
    if found is None:
        raise NoSuchComment(_("There is no such comment."))
    return found
