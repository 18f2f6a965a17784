"""Telling people, and writing the mails."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import service
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.notices import queries
from chancery.kernel.procedures.notices.models import Mail, Notice
from chancery.kernel.procedures.notices.terms import MailState, NoticeKind
from chancery.kernel.records.fileplan.models import Fonds
from chancery.kernel.records.fileplan.terms import ARCHIVIST

_TELL = """
insert into procedures_notice (post_id, matter_id, task_id, guard_id, kind, note, at)
select distinct asked.post_id, %(matter)s::bigint, t.id, %(guard)s::bigint, %(kind)s, %(note)s, %(at)s::timestamptz
from procedures_task t cross join lateral (
    select t.post_id where t.post_id is not null
    union all
    select a from access_answering_posts(t.role, t.unit_id, t.procedure) a where t.post_id is null
) asked (post_id)
where t.id = any (%(tasks)s)
"""


def tell(matter: Matter, task_ids: list[int], *, kind: NoticeKind, at: dt.datetime, note: str = "") -> None:
    """Leave a notice for everyone the tasks are with, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            {"matter": matter.pk, "guard": matter.guard_id, "kind": kind, "note": note, "at": at, "tasks": task_ids},
        )


def tell_post(matter: Matter, post_id: int | None, *, kind: NoticeKind, at: dt.datetime, note: str = "") -> None:
    """Leave a notice for one post. Plain SQL, because the writer may not read back what is left for another post."""
    if post_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procedures_notice (post_id, matter_id, guard_id, kind, note, at)"
            " values (%s, %s, %s, %s, %s, %s)",
            [post_id, matter.pk, matter.guard_id, kind, note, at],
        )


@service
def see_notices(
    *, notice_ids: list[int] | None = None, matter_id: int | None = None, by: Actor, at: dt.datetime
) -> int:
    """Note that the actor has seen notices: those named, those of a matter, or all."""
    rows = Notice.objects.filter(seen_at=None)
    if notice_ids is not None:
        rows = rows.filter(pk__in=notice_ids)
    if matter_id is not None:
        rows = rows.filter(matter_id=matter_id)
    return rows.update(seen_at=at)


@service
def tell_posts(
    *, matter_id: int, post_ids: Iterable[int], kind: NoticeKind, note: str = "", by: Actor, at: dt.datetime
) -> int:
    """Leave a notice about a matter for each post, once a post; for functions, from their own services."""
    matter = Matter.objects.get(pk=matter_id)
    posts = list(dict.fromkeys(post_ids))
    for post_id in posts:
        tell_post(matter, post_id, kind=kind, at=at, note=note)
    return len(posts)


@service
def write_mail(*, to_email: str, to_name: str = "", subject: str, text: str, by: Actor, at: dt.datetime) -> int:
    """Write one mail to somebody outside; the post round sends it. The post room's rows are its own: by SYSTEM."""
    mail = Mail.objects.create(
        to_email=to_email, to_name=to_name[:200], subject=subject[:300], text=text, written_at=at
    )
    return int(mail.pk)


@service
def blot_mail(*, mail_id: int, secret: str, by: Actor, at: dt.datetime) -> None:
    """Take a secret (a regular expression) out of the kept text of a mail that has left or never will."""
    mail = Mail.objects.select_for_update().filter(pk=mail_id).exclude(state=MailState.WRITTEN).first()
    if mail is not None:
        mail.text = re.sub(secret, "…", mail.text)
        mail.save(update_fields=["text"])


@service
def write_mails(*, by: Actor, at: dt.datetime, limit: int = 200) -> int:
    """Turn notices not yet mailed into mails, one each to everyone who holds the post and has an address."""
    waiting = queries.unmailed(limit)
    mails = []
    for row in waiting["rows"]:
        with translation.override(settings.LANGUAGE_CODE):
            mails.append(
                Mail(
                    to_email=row["email"],
                    to_name=row["name"],
                    subject=_("%(why)s: %(title)s") % {"why": NoticeKind(row["kind"]).label, "title": row["title"]},
                    text=queries.notice_text(row),
                    written_at=at,
                )
            )
    Mail.objects.bulk_create(mails)
    Notice.objects.filter(pk__in=waiting["ids"], mailed_at=None).update(mailed_at=at)
    return len(mails)


@service
def write_digests(*, by: Actor, at: dt.datetime) -> int:
    """The morning's mail: what waits for each person, and what of it is late. Once a person and day."""
    mails = []
    for row in queries.digest_rows(at):
        with translation.override(settings.LANGUAGE_CODE):
            mails.append(
                Mail(
                    to_email=row["email"],
                    to_name=row["name"],
                    subject=_("%(todo)s to do, %(overdue)s overdue") % {"todo": row["todo"], "overdue": row["overdue"]},
                    text=queries.digest_text(row),
                    written_at=at,
                    digest_key=f"{row['day']}:{row['account_id']}",
                )
            )
    return len(Mail.objects.bulk_create(mails, ignore_conflicts=True))


@service
def send_mails(*, by: Actor, at: dt.datetime, limit: int = 100) -> int:
    """Hand written mails to the mail server. What fails is kept, with the reason."""
    sent = 0
    for mail in Mail.objects.select_for_update(skip_locked=True).filter(state=MailState.WRITTEN).order_by("id")[:limit]:
        try:
            EmailMessage(mail.subject, mail.text, to=[mail.to_email]).send()
        except OSError as error:  # includes smtplib's errors: the server is away or refuses
            Mail.objects.filter(pk=mail.pk).update(state=MailState.FAILED, error=str(error)[:300])
        else:
            Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=at)
            sent += 1
    return sent


def carry_saved_searches(address: str, name: str, subject: str, text: str, at: dt.datetime) -> None:
    """The mails of saved searches (kernel.records, which lies below) go with the others."""
    write_mail(to_email=address, to_name=name, subject=subject, text=text, by=SYSTEM, at=at)


def carry_findings(run_id: int, found: int, restored: int, at: dt.datetime) -> None:
    """Tell the archivists by mail what a storage check found (kernel.records, which lies below): numbers alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select distinct a.email, coalesce(nullif(p.name_zh, ''), p.name_en)
            from unnest(%s::bigint[]) u cross join lateral access_answering_posts(%s, u) post
            join directory_holding h on h.post_id = post and h.during @> chancery_today()
            join directory_person p on p.id = h.person_id
            join access_account a on a.person_id = p.id and a.is_active
            """,
            [list(Fonds.objects.values_list("keeper_unit_id", flat=True).distinct()), ARCHIVIST],
        )
        people = cursor.fetchall()
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Storage check: %(found)s broken, %(restored)s restored") % {"found": found, "restored": restored}
        lines = [
            _("The storage check found stored content damaged or missing."),
            f"{settings.SITE_URL}/records/fixity/{run_id}/",
        ]
    for email, name in people:
        write_mail(to_email=email, to_name=name, subject=subject, text="\n".join(lines), by=SYSTEM, at=at)
