"""Who stands behind the confidential desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work import rules
from chancery.departments.general_office.confidential_work.breaches import queries as breaches
from chancery.departments.general_office.confidential_work.carriers import queries as carriers
from chancery.departments.general_office.confidential_work.carriers.counts import queries as counts
from chancery.departments.general_office.confidential_work.carriers.destruction import queries as destruction
from chancery.departments.general_office.confidential_work.carriers.receipts import queries as receipts
from chancery.departments.general_office.confidential_work.carriers.terms import OFFICER
from chancery.departments.general_office.confidential_work.classification import queries as classification
from chancery.departments.general_office.confidential_work.classification.terms import State as Decided
from chancery.departments.general_office.confidential_work.clearances import queries as clearances
from chancery.departments.general_office.confidential_work.clearances.leaving import queries as leaving
from chancery.departments.general_office.confidential_work.review import queries as review
from chancery.departments.general_office.confidential_work.review.terms import ReviewState
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.words import words
from chancery.kernel.access.roles.queries import grants
from chancery.kernel.directory.models import Holding, Post


def desk_unit(by: Actor) -> int | None:
    """The unit whose confidential work it is: that over which the officer was appointed; else the acting body."""
    found = grants(clock.today()).filter(role=OFFICER).order_by("unit__position", "unit_id")
    return found.values_list("unit_id", flat=True).first() or by.body_id


def holder_of(post_id: int) -> int | None:
    """The person who holds a post today (the first seat), None when it is vacant."""
    return (
        Holding.objects.filter(post_id=post_id, during__contains=clock.today())
        .order_by("seat")
        .values_list("person_id", flat=True)
        .first()
    )


def post_of(person_id: int) -> int | None:
    """The post in which a person is reached today."""
    return (
        Holding.objects.filter(person_id=person_id, during__contains=clock.today())
        .order_by("kind", "id")
        .values_list("post_id", flat=True)
        .first()
    )


def post_words(post_id: int) -> str:
    """A post with its unit."""
    row: Any = Post.objects.filter(pk=post_id).values("title_en", "title_zh", "unit__name_en", "unit__name_zh").first()
    return f"{words(row, 'title')} · {words(row, 'unit__name')}" if row else ""


def take_part() -> None:
    """Put our words, series and checks on the boards of the instruments. Once a process, from the app's `ready`."""
    from chancery.departments.general_office.confidential_work.breaches import terms as breach_terms
    from chancery.departments.general_office.confidential_work.breaches.procedures import bindings as breach_bindings
    from chancery.departments.general_office.confidential_work.carriers import services as carrier_services
    from chancery.departments.general_office.confidential_work.carriers import terms
    from chancery.departments.general_office.confidential_work.classification import terms as classification_terms
    from chancery.departments.general_office.confidential_work.clearances import terms as clearance_terms
    from chancery.departments.general_office.confidential_work.clearances.leaving import services as leaving_services
    from chancery.departments.general_office.confidential_work.clearances.queries import check_account
    from chancery.foundations.journal.terms import register_acts
    from chancery.kernel.access.accounts import rules as accounts
    from chancery.kernel.directory.holdings import rules as holdings
    from chancery.kernel.records.terms import register_series

    for acts in (terms.ACTS, clearance_terms.ACTS, breach_terms.ACTS):
        register_acts(acts)
    register_series(terms.SERIES, "Carriers", "涉密载体")
    register_series(terms.RECEIPT_SERIES, "Receipts for carriers", "涉密载体签收单")
    register_series(terms.DESTRUCTION_SERIES, "Destruction lists of carriers", "涉密载体销毁清单")
    register_series(breach_terms.SERIES, "Breach reports", "泄密事件报告")
    breach_bindings.bring()
    classification_terms.listen(carrier_services.follow_decision)
    accounts.register_clearance_check(check_account)
    accounts.register_closing_check(leaving_services.note_closed_account)
    holdings.register_leaving_check(leaving_services.check_last_post)


# --- The desk's page ------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """Something to do, or a register: words, how many, where, and how pressing."""

    words: str
    count: int
    address: str
    tone: str = "blue"


def waiting(by: Actor, at: dt.datetime) -> list[Line]:
    """What waits for the actor, most pressing first; nought is left in, the page leaves it out."""
    today = clock.date_of(at)
    me = by.person_id
    lines = [
        _line(_("Receipts for you to confirm"), len(receipts.waiting_for(me)), "carrier_receipts", "amber"),
        _line(
            _("Destruction lists for you to sign"), len(destruction.waiting_for(me)), "carrier_destructions", "amber"
        ),
    ]
    if rules.keeps_secrets(by):
        lines = [
            _line(_("Breaches overdue with the authority"), len(breaches.overdue(at)), "breaches", "red"),
            *lines,
            _line(_("Breaches not closed"), breaches.unclosed().count(), "breaches", "amber"),
            _line(_("Copies missing"), carriers.missing().count(), "carriers", "red"),
            _line(
                _("Levels of carriers that run out"), carriers.expiring_soon(today).count(), "carrier_expiry", "amber"
            ),
            _line(
                _("Levels of things that run out"),
                sum(row["until_lateness"] != "ON_TIME" for row in review.expiring(today).values("until_lateness")),
                "classification_expiry",
                "amber",
            ),
            _line(
                _("Proposals of a level to be decided"),
                classification.listed().filter(state=Decided.PROPOSED).count(),
                "classifications",
            ),
            _line(
                _("Yearly reviews not signed"),
                review.reviews(today).exclude(state=ReviewState.SIGNED).count(),
                "reviews",
            ),
            _line(
                _("Undefined matters"), review.undefined(today).filter(answered_at=None).count(), "undefined_matters"
            ),
            _line(_("Clearances to be reviewed"), clearances.due(today).count(), "clearances", "amber"),
            _line(_("Leavers to be cleared"), leaving.unsettled().count(), "clearance_leavings", "amber"),
        ]
    if rules.is_authority(by):
        lines += [
            _line(_("Further copies to be decided"), len(carriers.requests()), "carriers"),
            _line(_("Destruction lists to be decided"), destruction.drawn().count(), "carrier_destructions"),
            _line(_("Clearances to be decided"), clearances.proposed().count(), "clearances"),
            _line(_("Journeys abroad to be decided"), clearances.open_exits().count(), "clearances"),
        ]
    if rules.is_officer(by) and (running := counts.running()) is not None:
        lines.append(
            _line(_("Copies not counted yet this year"), counts.uncounted(running.pk).count(), "carrier_counts")
        )
    return lines


def registers(by: Actor) -> list[tuple[str, str, str]]:
    """(address, words, symbol) of the registers that are open to the actor."""
    names = [
        ("carrier_receipts", _("Receipts"), "file-check"),
        ("breaches", _("Breach reports"), "alert-triangle"),
        ("clearances", _("Cleared persons"), "user-check"),
        ("classifications", _("Levels: proposals and decisions"), "lock"),
        ("undefined_matters", _("Undefined matters"), "help"),
        ("reviews", _("Yearly reviews"), "list-check"),
        ("carrier_destructions", _("Destruction lists"), "trash"),
    ]
    if rules.keeps_secrets(by):
        names = [
            ("carriers", _("Carriers"), "lock"),
            ("carrier_expiry", _("Levels of carriers that run out"), "clock"),
            ("carrier_counts", _("Yearly counts"), "list-check"),
            *names,
            ("clearance_leavings", _("Leavers"), "logout"),
            ("classification_expiry", _("Levels of things that run out"), "clock"),
            ("sight", _("Who may see what"), "eye"),
            ("readings", _("Who read what"), "book"),
        ]
    return [(reverse(f"general_office:{name}"), words_of, symbol) for name, words_of, symbol in names]


def _line(words_of: str, count: int, name: str, tone: str = "blue") -> Line:
    return Line(words_of, count, reverse(f"general_office:{name}"), tone)
