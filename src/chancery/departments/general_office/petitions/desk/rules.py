"""What may be taken in at the desk."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.desk.terms import CHANNELS, LONGEST_NAME, Mail
from chancery.departments.general_office.petitions.rules import may_register
from chancery.departments.general_office.petitions.terms import Channel, IdentityFacts
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.desk.models import PetitionArrival


def may_take_in(by: Actor) -> Verdict:
    """Registrars, in a post."""
    if not by.is_person or by.post_id is None:
        return no(_("Choose the post you act in first."))
    return may_register(by)


def is_channel(channel: str) -> Verdict:
    """What comes to the desk."""
    if channel in CHANNELS:
        return yes()
    return no(_("The web has its own door, and visits are received on their own page."), field="channel")


def are_representatives(group_size: int, n: int, most: int, basis: str = "") -> Verdict:
    """A group speaks through a few (Regulations 2022, art. 20)."""
    field = "representatives"
    if n > most:
        return no(
            _("A group sends at most %(most)s representatives; %(n)s are named. Ask them to choose.")
            % {"most": most, "n": n},
            field=field,
            basis=basis,
        )
    if n > group_size:
        return no(_("More representatives are named than people petition."), field=field)
    return yes()


def is_envelope(envelope_on: dt.date | None, on: dt.date, oldest: int) -> Verdict:
    """A letter was written before it came, and not years before."""
    if envelope_on is None:
        return yes()
    if envelope_on > on:
        return no(_("An envelope is not dated after the day it came."), field="envelope_on")
    if (on - envelope_on).days > oldest:
        return no(
            _("That is more than %(days)s days ago. Look at the year again.") % {"days": oldest}, field="envelope_on"
        )
    return yes()


def is_call(began_at: dt.datetime | None, ended_at: dt.datetime | None, at: dt.datetime) -> Verdict:
    """A call begins before it ends, and has ended before it is written down."""
    if began_at and ended_at and ended_at < began_at:
        return no(_("The call ends before it begins."), field="ended_at")
    if (began_at and began_at > at) or (ended_at and ended_at > at):
        return no(_("That is still to come."), field="began_at")
    return yes()


def came_before(received_at: dt.datetime | None, at: dt.datetime, oldest: int) -> Verdict:
    """What is taken in has arrived, and not years ago."""
    if received_at is None:
        return yes()
    if received_at > at:
        return no(_("That is still to come."), field="received_at")
    if (at - received_at).days > oldest:
        return no(
            _("That is more than %(days)s days ago. Look at the year again.") % {"days": oldest}, field="received_at"
        )
    return yes()


def may_give(by: Actor, arrival: PetitionArrival, unit_id: int) -> Verdict:
    """A registrar, once."""
    if arrival.receipt_given:
        return no(_("The receipt was handed over already."))
    return may_register(by, unit_id)


def names_in(typed: str) -> tuple[str, ...]:
    """Names as somebody types them, one a line or with commas between."""
    cleaned = typed.replace("，", "\n").replace("、", "\n").replace(",", "\n").replace("；", "\n").replace(";", "\n")
    return tuple(" ".join(name.split())[:LONGEST_NAME] for name in cleaned.splitlines() if name.strip())


def with_mail(identity: IdentityFacts, mail: Mail) -> IdentityFacts:
    """What the registrar typed, and from the e-mail what was left empty."""
    return IdentityFacts(
        name=identity.name or mail.name,
        phone=identity.phone,
        email=identity.email or mail.address,
        address=identity.address,
        id_number=identity.id_number,
        other_names=identity.other_names,
        representatives=identity.representatives,
    )


def is_of(channel: str, way: str, has_call: bool) -> Verdict:
    """What is told of a way belongs to it."""
    if way and channel != Channel.LETTER:
        return no(_("How a letter came is told of letters only."), field="way")
    if has_call and channel != Channel.PHONE:
        return no(_("The times of a call are told of calls only."), field="began_at")
    return yes()
