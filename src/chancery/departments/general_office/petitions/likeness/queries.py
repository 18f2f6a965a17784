"""What is like a petition, as far as the actor may see it; what may be a campaign; what is under way already."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.terms import Line
from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions.custody import queries as custody
from chancery.departments.general_office.petitions.likeness import rules
from chancery.departments.general_office.petitions.likeness.models import PetitionLikeness, PetitionTie
from chancery.departments.general_office.petitions.likeness.terms import (
    ALIKE_KEY,
    DAYS_KEY,
    MANY_KEY,
    PURPOSE,
    SAME_KEY,
    Alike,
    Cluster,
    TieKind,
    weight,
)
from chancery.departments.general_office.petitions.models import Petition, PetitionCampaign, PetitionText
from chancery.departments.general_office.petitions.terms import (
    ENDED_STATES,
    OPEN_STATES,
    TONES,
    Part,
    Side,
)
from chancery.foundations import clock, vault
from chancery.foundations.actor import Actor
from chancery.foundations.rulebook import queries as rulebook

MOST_SEARCHED = 300
MOST_SHOWN = 20
MOST_RECENT = 20_000
MOST_JOINED = 100_000
_PARTS = (Part.REQUEST, Part.FACTS, Part.REASONS)


# --- Signatures ------------------------------------------------------------------------------------------------------
def signature_of(petition_id: int) -> bytes:
    """The signature of what a petition's sender wrote first, blacked out before: who it is enters no hash."""
    rows = PetitionText.objects.filter(petition_id=petition_id, side=Side.PETITIONER, part__in=_PARTS).order_by("id")
    texts = [vault.unseal_text(bytes(row.masked), custody.masked_context(row.ref)) for row in rows]
    return rules.signature("\n".join(texts), vault.macs(PURPOSE))


def found_by(bands: Sequence[int], *, but: int, since: dt.date | None = None, most: int = MOST_SEARCHED) -> list[int]:
    """Petitions that share a band, the latest first. Whether the actor sees them is asked afterwards."""
    if not bands:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select petition_id from general_office_petition_alike(%s::bigint[], %s, %s, %s)",
            [list(bands), but, since, most],
        )
        return [row[0] for row in cursor.fetchall()]


def signed(petition_ids: Sequence[int]) -> dict[int, bytes]:
    """The signatures of those that the actor sees."""
    rows = PetitionLikeness.objects.filter(petition_id__in=petition_ids).values_list("petition_id", "signature")
    return {pk: bytes(held) for pk, held in rows}


def percent_of(petition_id: int, other_id: int) -> int:
    """How much two petitions have in common."""
    held = signed([petition_id, other_id])
    return rules.percent(held.get(petition_id, b""), held.get(other_id, b""))


# --- What is alike ---------------------------------------------------------------------------------------------------
def search(petition_id: int, *, least: int, most: int = MOST_SEARCHED) -> list[tuple[int, int, bool, bool]]:
    """(petition, hundredths in common, same contact, same name) of what the actor may see, in one question; `most` of
    the latest are compared."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select petition_id, percent, same_contact, same_name from general_office_petition_like(%s, %s, %s)",
            [petition_id, least, most],
        )
        rows: list[tuple[int, int, bool, bool]] = cursor.fetchall()
    return rows


def alike(petition_id: int, *, on: dt.date, most: int = MOST_SHOWN) -> list[Alike]:
    """Petitions like this one that the actor may see: the same words, the same contact, the same name; what has most in
    common first. Who the sender is stands nowhere; of what the actor may not see there is not even a number."""
    rows = search(petition_id, least=int(rulebook.number(ALIKE_KEY, on=on)))
    first = heapq.nlargest(most, rows, key=lambda row: (weight(*row[1:]), row[0]))
    seen = Petition.objects.select_related("merged_into").in_bulk([row[0] for row in first])
    return [Alike(seen[row[0]], *row[1:]) for row in first]


def under_way(petition_id: int, *, on: dt.date) -> list[Alike]:
    """The ground “already under way” (art. 19): what the same contact sent before in the same words and is being
    handled. Its number is the sender's own, so it may be told. For those who decide on acceptance."""
    least = int(rulebook.number(SAME_KEY, on=on))
    return [
        one
        for one in alike(petition_id, on=on)
        if one.same_contact and one.percent >= least and one.petition.number
        and one.petition.leads.state in OPEN_STATES and one.petition.pk < petition_id
    ]  # fmt: skip


def merged(petition_id: int) -> QuerySet[Petition]:
    """What is merged into a petition, oldest first."""
    return Petition.objects.filter(merged_into_id=petition_id).order_by("received_at", "id")


def ties(petition_id: int) -> list[PetitionTie]:
    """What holds or held a petition and others together, the latest first."""
    rows = PetitionTie.objects.select_related("petition", "other", "made_person", "ended_person")
    return list(rows.filter(Q(petition_id=petition_id) | Q(other_id=petition_id)).order_by("-made_at", "-id")[:50])


def tie_of(tie_id: int) -> PetitionTie | None:
    """One of them, or None when it does not exist for the actor."""
    return PetitionTie.objects.select_related("petition__guard", "other").filter(pk=tie_id).first()


def by_number(typed: str) -> Petition | None:
    """The petition of a number as somebody types it, if the actor sees it."""
    text = typed.strip().replace("[", "〔").replace("]", "〕").replace("【", "〔").replace("】", "〕")
    return Petition.objects.filter(number__in={typed.strip(), text}).exclude(number="").first()


# --- Campaigns -------------------------------------------------------------------------------------------------------
def proposals(*, on: dt.date) -> list[Cluster]:
    """Letters of one text, so many within so many days as the rulebook says, that nobody has joined yet."""
    held = rulebook.held([SAME_KEY, MANY_KEY, DAYS_KEY], on=on)
    since = on - dt.timedelta(days=int(held[DAYS_KEY].number))
    rows = (
        PetitionLikeness.objects.filter(petition__received_on__gte=since, petition__merged_into=None,
                                        petition__campaign=None)
        .exclude(petition__state__in=ENDED_STATES)
        .order_by("petition__received_at", "petition_id")
        .values_list("petition_id", "bands", "signature")
    )  # fmt: skip
    read = [(pk, found, bytes(hashes)) for pk, found, hashes in rows[:MOST_RECENT]]
    least, many = int(held[SAME_KEY].number), int(held[MANY_KEY].number)
    return [Cluster(ids) for ids in rules.clusters(read, least=least, many=many)]


def of_one_text(petition_id: int, *, on: dt.date) -> list[Petition]:
    """All that have the text of a petition, came within the days of a campaign and stand on their own, oldest first."""
    own = PetitionLikeness.objects.select_related("petition").filter(petition_id=petition_id).first()
    if own is None:
        return []
    held = rulebook.held([SAME_KEY, DAYS_KEY], on=on)
    days = dt.timedelta(days=int(held[DAYS_KEY].number))
    found = found_by(own.bands, but=petition_id, since=own.petition.received_on - days, most=MOST_JOINED)
    hashes = signed(found)
    least = int(held[SAME_KEY].number)
    same = [pk for pk, other in hashes.items() if rules.percent(bytes(own.signature), other) >= least]
    rows = Petition.objects.filter(pk__in=same, merged_into=None, campaign=None).exclude(state__in=ENDED_STATES)
    rows = rows.filter(received_on__lte=own.petition.received_on + days) if own.petition.campaign_id is None else rows
    return list(rows.order_by("received_at", "id"))


def campaign(campaign_id: int) -> PetitionCampaign | None:
    """A campaign, or None when it does not exist for the actor."""
    return PetitionCampaign.objects.select_related("guard", "leading", "opened_person").filter(pk=campaign_id).first()


def campaigns() -> QuerySet[PetitionCampaign, Any]:
    """Campaigns as rows, with how many petitions each joins."""
    return PetitionCampaign.objects.annotate(letters=Count("petitions")).values(
        "id", "title", "opened_at", "letters", "leading_id", "leading__number", "leading__state", "leading__due_on"
    )


def members(campaign_id: int) -> QuerySet[Petition, Any]:
    """The petitions of a campaign as rows."""
    return Petition.objects.filter(campaign_id=campaign_id).values(
        "id", "number", "channel", "received_on", "group_size", "is_anonymous", "rating", "merged_into_id"
    )


def replies(leading_id: int) -> int:
    """How many replies all senders were told."""
    return PetitionText.objects.filter(
        petition_id=leading_id, side=Side.OFFICE, part=Part.REPLY, told_at__isnull=False
    ).count()


# --- Parts of other pages --------------------------------------------------------------------------------------------
def section(petition: Petition, by: Actor, at: dt.datetime) -> dict[str, Any] | None:
    """The block on a petition's page."""
    found = alike(petition.pk, on=clock.date_of(at), most=8)
    held = ties(petition.pk)
    tied = {tie.other_id if tie.petition_id == petition.pk else tie.petition_id for tie in held if not tie.ended_at}
    inside = merged(petition.pk)
    count = inside.count()
    may_tie = bool(rules.may_tie(by, petition.guard.unit_id)) and bool(petition_rules.not_the_subject(by, petition))
    return {
        "alike": [
            {"one": one, "tone": TONES[one.petition.state], "words": words_of(one), "is_tied": one.petition.pk in tied,
             "may_merge": may_tie and bool(rules.may_merge(petition, one.petition, count))}
            for one in found
        ],
        "ties": [_tie(tie, petition) for tie in held],
        "merged": list(inside[:20]),
        "merged_count": count,
        "leading": petition.merged_into,
        "leading_tone": TONES[petition.leads.state],
        "campaign": petition.campaign,
        "may_tie": may_tie,
        "may_split": may_tie and petition.merged_into_id is not None,
    }  # fmt: skip


def _tie(tie: PetitionTie, petition: Petition) -> dict[str, Any]:
    goes_out = tie.petition_id == petition.pk
    merging = _("Merged into") if goes_out else _("Took in")
    words = _("Linked with") if tie.kind == TieKind.LINKED else merging
    return {"row": tie, "other": tie.other if goes_out else tie.petition, "words": words,
            "is_link": tie.kind == TieKind.LINKED}  # fmt: skip


def words_of(one: Alike) -> str:
    """“alike: 83 %, same contact”."""
    said = []
    if one.percent:
        said.append(_("alike: %(percent)s %%") % {"percent": one.percent})
    if one.same_contact:
        said.append(_("same contact"))
    if one.same_name:
        said.append(_("same name"))
    return _(", ").join(said)


def lines(by: Actor, today: dt.date) -> list[Line]:
    """The hub: letters that came in one text with many others."""
    if not rules.may_tie(by):
        return []
    held = rulebook.held([MANY_KEY, DAYS_KEY], on=today)
    rows = PetitionLikeness.objects.filter(
        like_before__gte=int(held[MANY_KEY].number) - 1,
        petition__received_on__gte=today - dt.timedelta(days=int(held[DAYS_KEY].number)),
        petition__merged_into=None,
        petition__campaign=None,
    ).exclude(petition__state__in=ENDED_STATES)
    return [
        Line(
            _("Letters of one text, perhaps a campaign"),
            rows.count(),
            reverse("general_office:petition_campaigns"),
            "amber",
        )
    ]


def links(by: Actor) -> list[tuple[str, Any, str]]:
    """Ways from the hub."""
    return [(reverse("general_office:petition_campaigns"), _("Campaigns"), "copy")] if rules.may_tie(by) else []
