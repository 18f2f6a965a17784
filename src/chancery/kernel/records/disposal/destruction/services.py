"""Carrying an approved list out."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.jobs import enqueue
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.records.archive import terms as archive
from chancery.kernel.records.archive.models import ArchivalItem, ItemPart
from chancery.kernel.records.disposal import queries, rules
from chancery.kernel.records.disposal.appraising.services import sign, taken
from chancery.kernel.records.disposal.certificates.queries import paper_of
from chancery.kernel.records.disposal.models import AppraisalList, DestructionCertificate, DisposalAct
from chancery.kernel.records.disposal.terms import CERTIFICATE_SERIES, ActKind, ListState
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.services import store_file
from chancery.kernel.records.holds.queries import held
from chancery.kernel.records.numbers.services import issue_number

OTHER = {ActKind.DESTROYER: ActKind.SUPERVISOR, ActKind.SUPERVISOR: ActKind.DESTROYER}


@service
def set_periods(*, list_id: int, by: Actor, at: dt.datetime) -> int:
    """Give the items that are kept their longer periods; how many."""
    of = _approved(list_id, by)
    many = _told("select records_set_periods(%s, %s)", [list_id, at])
    if many:
        journal.write(by=by, at=at, act="disposal.periods_set", on=of, data={"items": many})
    return many


@service
def leave_out_held(*, list_id: int, by: Actor, at: dt.datetime) -> int:
    """Leave out what may not be destroyed any more: held since, or given a longer period. It waits for another list.

    Less is destroyed than was approved, so nobody need approve it again; confirmations already given are void.
    """
    of = _approved(list_id, by)
    many = _told("select records_leave_out(%s, %s)", [list_id, at])
    if many:
        journal.write(by=by, at=at, act="disposal.left_out", on=of, data={"items": many})
    return many


@service
def confirm_destruction(
    *, list_id: int, act: str, seen: str = "", by: Actor, at: dt.datetime
) -> DestructionCertificate | None:
    """The archivist says that they destroy, the supervisor that they stand by, each in their own session.

    With the second name everything on the list that is to be destroyed is destroyed, in this very transaction: all of
    it with its certificate, or nothing. `seen`: the hash of what the person was shown. None: the other one is awaited.
    """
    of = taken(list_id)
    kind = ActKind(act)
    now = queries.destruction_fingerprint(list_id)
    other = _confirmed(of, OTHER[kind], now, at)
    deciders = set(
        DisposalAct.objects.filter(list=of, act__in=(ActKind.AGREED, ActKind.APPROVED)).values_list(
            "person_id", flat=True
        )
    )
    rules.may_confirm(by, of, kind, of.fonds.keeper_unit_id, set(deciders), other).demand()
    if seen and seen != now:
        raise rules.DisposalRefused(_("What is to be destroyed changed since you looked at it. Look again."))
    _may_all_be_destroyed(list_id, clock.date_of(at))
    if _confirmed(of, kind, now, at) != by.person_id:
        sign(of=of, act=kind, by=by, at=at)
        journal.write(by=by, at=at, act="disposal.confirmed", on=of, data={"as": kind.value, "what": now})
    return _destroy(of, by, at) if other is not None else None


def confirmed_by(of: AppraisalList, act: str, at: dt.datetime) -> int | None:
    """Who confirmed what is to be destroyed as it stands, within the time that a confirmation holds."""
    return _confirmed(of, act, queries.destruction_fingerprint(of.pk), at)


def _confirmed(of: AppraisalList, act: str, what: str, at: dt.datetime) -> int | None:
    hours = int(rulebook.number("records.disposal.confirmation", on=clock.date_of(at)))
    since = at - dt.timedelta(hours=hours)
    found = DisposalAct.objects.filter(list=of, act=act, what=what, at__gte=since).order_by("-id")
    return found.values_list("person_id", flat=True).first()


def _may_all_be_destroyed(list_id: int, today: dt.date) -> None:
    """The hold check at this very moment, and the days."""
    items = queries.to_destroy(list_id)
    if not items:
        raise rules.DisposalRefused(_("There is nothing to destroy on this list."))
    caught = held(items)
    if caught:
        codes = sorted(ArchivalItem.objects.filter(pk__in=caught).values_list("code", flat=True))
        many = len(caught)
        raise rules.HeldItem(
            ngettext(
                "%(n)d item on the list is held: %(codes)s. Nothing was destroyed. Leave it out first.",
                "%(n)d items on the list are held: %(codes)s. Nothing was destroyed. Leave them out first.",
                many,
            )
            % {"n": many, "codes": ", ".join(codes[:5]) + ("…" if many > 5 else "")},
            basis=str(rules.BASIS),
        )
    early = ArchivalItem.objects.filter(pk__in=items).exclude(retain_until__lt=today).order_by("code").first()
    if early is not None:
        raise rules.DisposalRefused(
            _("The period of %(code)s has not run out. Nothing was destroyed.") % {"code": early.code},
            basis=str(rules.BASIS),
        )


def _destroy(of: AppraisalList, by: Actor, at: dt.datetime) -> DestructionCertificate:
    today = clock.date_of(at)
    # Whoever gives the second name may not see a restricted item; it is destroyed and blanked all the same.
    to_destroy = queries.to_destroy(of.pk)
    with acting_as(SYSTEM):
        items = list(
            ArchivalItem.objects.filter(pk__in=to_destroy).values_list(
                "id", "code", "title", "class_code", "year", "guard_id", "label", "kind", "subject"
            )
        )
    titles = rulebook.flag("records.disposal.stub_keeps_title", on=today)
    number = issue_number(
        series=CERTIFICATE_SERIES, year=today.year, guard_id=of.guard_id, subject=f"records.appraisallist:{of.pk}",
        by=by, at=at,
    )  # fmt: skip
    made = _told("select records_destroy(%s, %s, %s, %s)", [of.pk, number.pk, at, titles])
    for item_id, _code, _title, _class, _year, _guard, _label, kind, subject in items:
        source = archive.source(kind)
        if source is not None and source.purge is not None and subject:
            source.purge(item_id, subject)
    certificate = DestructionCertificate.objects.select_related("destroyer", "supervisor").get(pk=made)
    paper = paper_of(
        certificate, of, [(code, title, class_code, year) for _i, code, title, class_code, year, *_ in items]
    )
    file = store_file(
        guard_id=of.guard_id,
        name=f"{certificate.code}.pdf",
        content=io.BytesIO(paper),
        owner=f"records.destructioncertificate:{certificate.pk}",
        by=by,
        at=at,
    )
    certificate.file = file
    certificate.save(update_fields=["file"])
    data = {
        "certificate": certificate.code,
        "items": certificate.item_count,
        "files": certificate.file_count,
        "items_hash": certificate.items_hash,
        "paper": file.sha256,
    }
    journal.write(by=by, at=at, act="disposal.destroyed", on=of, data=data)
    journal.write_many(
        act="item.destroyed",
        lines=[
            journal.Line(f"records.archivalitem:{one[0]}", {"certificate": certificate.code}, one[5], one[6])
            for one in items
        ],
        by=by,
        at=at,
    )
    from chancery.kernel.records.disposal.destruction.tasks import sweep_destroyed  # tasks import services

    enqueue(sweep_destroyed, certificate_id=certificate.pk)
    return certificate


def contents_destroyed(certificate_id: int) -> list[str]:
    """The hashes of the contents that went with a certificate: its items', and what their functions had besides."""
    certificate = DestructionCertificate.objects.get(pk=certificate_id)
    parts = ItemPart.objects.filter(item__destruction__certificate=certificate)
    files = StoredFile.objects.filter(
        Q(pk__in=parts.values("file_id")) | Q(destroyed_at=certificate.destroyed_at), destroyed_at__isnull=False
    )
    return sorted(set(files.values_list("sha256", flat=True)))


def _approved(list_id: int, by: Actor) -> AppraisalList:
    of = taken(list_id)
    rules.may_draw_up(by, of.fonds.keeper_unit_id).demand()
    if of.state != ListState.APPROVED:
        raise rules.DisposalRefused(_("Only an approved list is carried out."), basis=str(rules.BASIS))
    return of


def _told(question: str, asked: list[Any]) -> int:
    """Have the database do it; it asks everything again, and what it refuses is a refusal."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(question, asked)
            return int((cursor.fetchone() or [0])[0] or 0)
    except IntegrityError as error:
        raise rules.DisposalRefused(
            _("The archive's law does not allow it: nothing was done. Look at the list again."), basis=str(rules.BASIS)
        ) from error
