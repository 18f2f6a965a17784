"""Verbs: sign what comes in; merge, link, split; mark a known sender; join a campaign, tell all, take out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.custody import queries as custody
from chancery.departments.general_office.petitions.likeness import queries, rules
from chancery.departments.general_office.petitions.likeness.models import PetitionLikeness, PetitionTie
from chancery.departments.general_office.petitions.likeness.terms import DAYS_KEY, MANY_KEY, SAME_KEY, TieKind
from chancery.departments.general_office.petitions.models import Petition, PetitionCampaign
from chancery.departments.general_office.petitions.terms import (
    ENDED_STATES,
    SERIES,
    SUBJECT,
    Outcome,
    Part,
    Side,
    State,
)
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.procedures.models import Matter
from chancery.kernel.records.numbers.rules import form_of
from chancery.kernel.records.numbers.services import issue_numbers

LONGEST_REASON = 500
OPEN_MATTER = petitions.OPEN_MATTER


def _subject(petition_id: int) -> str:
    return f"{SUBJECT}:{petition_id}"


def _write(act: str, petition: Petition, data: Mapping[str, Any], by: Actor, at: dt.datetime) -> None:
    journal.write(by=by, at=at, act=act, on=_subject(petition.pk), guard_id=petition.guard_id, data=data)


# --- What comes in ---------------------------------------------------------------------------------------------------
@service
def sign_new(*, petition: Petition, by: Actor, at: dt.datetime) -> None:
    """Keep the keyed hashes of what came in, count how many of the same text came before, and mark whom the office
    knows by the same contact. By the system's hand, in the transaction of receiving."""
    signed = queries.signature_of(petition.pk)
    if signed:
        bands = rules.bands(signed)
        before = _same_before(petition, bands, signed)
        PetitionLikeness.objects.create(petition=petition, signature=signed, bands=bands, like_before=before)
    if any(row["same_contact"] for row in custody.kin(petition.pk, most=20)):
        petition.is_repeat = True
        petition.save(update_fields=["is_repeat"])


def _same_before(petition: Petition, bands: list[int], signed: bytes) -> int:
    held = rulebook.held([SAME_KEY, MANY_KEY, DAYS_KEY], on=petition.received_on)
    since = petition.received_on - dt.timedelta(days=int(held[DAYS_KEY].number))
    most = 4 * int(held[MANY_KEY].number)  # how many more there are does not matter
    near = queries.signed(queries.found_by(bands, but=petition.pk, since=since, most=most))
    return sum(rules.percent(signed, other) >= int(held[SAME_KEY].number) for other in near.values())


@service
def mark_repeat(*, petition_id: int, is_repeat: bool, reason: str, by: Actor, at: dt.datetime) -> Petition:
    """Say that the sender wrote before, or that it was somebody else of the same number."""
    petition = petitions.locked(petition_id)
    rules.may_tie(by, petition.guard.unit_id).demand()
    rules.is_reasoned(reason).demand()
    if petition.is_repeat != is_repeat:
        petition.is_repeat = is_repeat
        petition.version += 1
        petition.save(update_fields=["is_repeat", "version"])
        _write("petition.repeat", petition, {"is_repeat": is_repeat, "reason": reason.strip()[:LONGEST_REASON]}, by, at)
    return petition


# --- Two petitions ---------------------------------------------------------------------------------------------------
def _both(petition_id: int, other_id: int) -> tuple[Petition, Petition]:
    # In the order of their ids, whichever way round they are given: two who merge crosswise wait, and do not lock.
    held = {pk: petitions.locked(pk) for pk in sorted({petition_id, other_id})}
    return held[petition_id], held[other_id]


def _demand_may(by: Actor, reason: str, *both: Petition) -> str:
    for one in both:
        rules.may_tie(by, one.guard.unit_id).demand()
        petition_rules.not_the_subject(by, one).demand()
    rules.is_reasoned(reason).demand()
    return reason.strip()[:LONGEST_REASON]


@service
def merge(*, petition_id: int, into_id: int, reason: str, by: Actor, at: dt.datetime) -> Petition:
    """Handle a petition with another one, which leads. Its receipt goes on working and shows where the leading one
    stands; whoever reads or is kept from one, reads or is kept from both (migration `petition_desk_law`)."""
    petition, leading = _both(petition_id, into_id)
    said = _demand_may(by, reason, petition, leading)
    with acting_as(SYSTEM):  # what the actor does not see of it counts too
        others = queries.merged(petition.pk).count()
    rules.may_merge(petition, leading, others).demand()
    _tie(petition.pk, leading.pk, TieKind.MERGED, said, by, at)
    petitions.set_state(petition_id=petition.pk, state=State.CLOSED, outcome=Outcome.MERGED, reason=said, by=by, at=at)
    Petition.objects.filter(pk=petition.pk).update(merged_into=leading)
    _write("petition.merged", petition, {"into": leading.number, "reason": said}, by, at)
    _write("petition.took_in", leading, {"other": petition.number, "reason": said}, by, at)
    petition.refresh_from_db()
    return petition


def _tie(one: int, other: int, kind: TieKind, reason: str, by: Actor, at: dt.datetime) -> PetitionTie:
    try:
        with transaction.atomic():
            return PetitionTie.objects.create(
                petition_id=one,
                other_id=other,
                kind=kind,
                percent=queries.percent_of(one, other),
                reason=reason,
                made_at=at,
                made_person_id=by.person_id,
                made_post_id=by.post_id,
            )
    except IntegrityError as error:
        raise Refused(_("The two are tied to each other already."), field="other") from error


@service
def split(*, petition_id: int, reason: str, by: Actor, at: dt.datetime) -> Petition:
    """Take a petition out of the one it was merged into: it goes on by itself from its registration, and nothing is
    shared with the other any more. It leaves the campaign it came by, too."""
    seen = Petition.objects.filter(pk=petition_id).values_list("merged_into_id", flat=True).first()
    if seen is None:
        petition = petitions.locked(petition_id)
        rules.may_split(petition).demand()
        raise Stale(_("Somebody changed this petition since you looked at it."))
    petition, leading = _both(petition_id, seen)
    if petition.merged_into_id != leading.pk:
        raise Stale(_("Somebody changed this petition since you looked at it."))
    said = _demand_may(by, reason, petition)
    rules.may_split(petition).demand()
    campaign = petition.campaign_id
    PetitionTie.objects.filter(petition=petition, other=leading, kind=TieKind.MERGED, ended_at=None).update(
        ended_at=at, ended_person_id=by.person_id, end_reason=said
    )
    reopened = petition.reopened_count
    Petition.objects.filter(pk=petition.pk).update(merged_into=None, campaign=None)
    petitions.set_state(petition_id=petition.pk, state=State.REGISTERED, outcome="", reason=said, by=by, at=at)
    Petition.objects.filter(pk=petition.pk).update(reopened_count=reopened)  # it was never closed for its sender
    _write("petition.split", petition, {"from": leading.number, "reason": said}, by, at)
    _write("petition.gave_back", leading, {"other": petition.number, "reason": said}, by, at)
    if campaign is not None:
        _write("petition.campaign_left", petition, {"campaign": campaign, "reason": said}, by, at)
    petition.refresh_from_db()
    return petition


@service
def link(*, petition_id: int, other_id: int, reason: str, by: Actor, at: dt.datetime) -> PetitionTie:
    """Say that two petitions belong together, each handled on its own. Nothing is shared by it."""
    petition, other = _both(petition_id, other_id)
    said = _demand_may(by, reason, petition, other)
    rules.may_link(petition, other).demand()
    first, second = sorted((petition, other), key=lambda one: one.pk)
    tie = _tie(first.pk, second.pk, TieKind.LINKED, said, by, at)
    _write("petition.linked", petition, {"other": str(other), "reason": said}, by, at)
    _write("petition.linked", other, {"other": str(petition), "reason": said}, by, at)
    return tie


@service
def unlink(*, tie_id: int, reason: str, by: Actor, at: dt.datetime) -> PetitionTie:
    """End a link that was wrong. That there was one stays known."""
    seen = queries.tie_of(tie_id)
    if seen is None or seen.kind != TieKind.LINKED:
        raise petition_rules.NoSuchPetition(_("There is no such link."))
    petition, other = _both(seen.petition_id, seen.other_id)
    said = _demand_may(by, reason, petition, other)
    if not PetitionTie.objects.filter(pk=tie_id, ended_at=None).update(
        ended_at=at, ended_person_id=by.person_id, end_reason=said
    ):
        raise Refused(_("This link was ended already."))
    _write("petition.unlinked", petition, {"other": str(other), "reason": said}, by, at)
    _write("petition.unlinked", other, {"other": str(petition), "reason": said}, by, at)
    seen.refresh_from_db()
    return seen


# --- Campaigns -------------------------------------------------------------------------------------------------------
@service
def open_campaign(*, petition_ids: Collection[int], title: str, by: Actor, at: dt.datetime) -> PetitionCampaign:
    """Handle letters of one text as one: the oldest leads and has the procedure, each keeps its number and receipt."""
    held = _locked_free(petition_ids)
    if not held:
        raise Refused(_("Choose at least one more petition of the same text."), field="petitions")
    leading, members = held[0], held[1:]
    rules.may_join(leading, len(members)).demand()
    _demand_each(by, held)
    petition_rules.is_title(title).demand()
    if custody.tells(title, custody.needles_of_case([one.pk for one in held])):
        raise Refused(_("The title tells who petitions: name the matter alone."), field="title")
    if not leading.number:
        leading = petitions.register(petition_id=leading.pk, title=title, by=by, at=at)
    campaign = PetitionCampaign.objects.create(
        guard_id=leading.guard_id, title=title.strip(), leading=leading, opened_at=at, opened_person_id=by.person_id
    )
    Petition.objects.filter(pk=leading.pk).update(campaign=campaign)
    _write("petition.campaign_opened", leading, {"campaign": campaign.pk, "letters": len(held)}, by, at)
    _join(campaign, leading, members, by, at)
    return campaign


@service
def join_campaign(*, campaign_id: int, petition_ids: Collection[int], by: Actor, at: dt.datetime) -> int:
    """Take letters that came later into a campaign; how many."""
    campaign = queries.campaign(campaign_id)
    if campaign is None or campaign.leading_id is None:
        raise petition_rules.NoSuchPetition(_("There is no such campaign."))
    held = _locked_free({*petition_ids, campaign.leading_id}, but=campaign.leading_id)
    leading = next((one for one in held if one.pk == campaign.leading_id), None)
    if leading is None or leading.state in ENDED_STATES:
        raise petition_rules.WrongState(_("The campaign is closed."), field="petitions")
    members = [one for one in held if one.pk != leading.pk]
    if not members:
        raise Refused(_("Choose at least one more petition of the same text."), field="petitions")
    _demand_each(by, [leading, *members])
    return _join(campaign, leading, members, by, at)


def _locked_free(petition_ids: Collection[int], *, but: int | None = None) -> list[Petition]:
    """Those that stand on their own, locked in the order of their ids; oldest first. `but`: taken as it is."""
    # Running matters before petitions, each in the order of their ids, as everywhere.
    running = Petition.objects.filter(pk__in=petition_ids, matter__state__in=OPEN_MATTER).values("matter_id")
    list(Matter.objects.select_for_update(of=("self",)).filter(pk__in=running).order_by("pk").values_list("id"))
    rows = Petition.objects.select_for_update(of=("self",)).select_related("guard").filter(pk__in=petition_ids)
    held = [
        one
        for one in rows.order_by("pk")
        if one.pk == but or (one.merged_into_id is None and one.campaign_id is None and one.state not in ENDED_STATES)
    ]
    return sorted(held, key=lambda one: (one.received_at, one.pk))


def _demand_each(by: Actor, held: Sequence[Petition]) -> None:
    for unit_id in {one.guard.unit_id for one in held}:
        rules.may_tie(by, unit_id).demand()
    for one in held:
        petition_rules.not_the_subject(by, one).demand()
    if any(not one.number for one in held):
        petition_rules.may_register(by, held[0].guard.unit_id).demand()


_MERGE_MANY = """
update general_office_petition p
set number = case when p.number = '' then u.number else p.number end,
    title = case when p.title = '' then %(title)s else p.title end,
    registered_at = coalesce(p.registered_at, %(at)s), registered_person_id = coalesce(p.registered_person_id, %(by)s),
    state = 'CLOSED', state_at = %(at)s, outcome = 'MERGED', closed_at = %(at)s,
    merged_into_id = %(leading)s, campaign_id = %(campaign)s, version = p.version + 1
from unnest(%(ids)s::bigint[], %(numbers)s::text[]) u (id, number)
where p.id = u.id
"""


def _join(
    campaign: PetitionCampaign, leading: Petition, members: Sequence[Petition], by: Actor, at: dt.datetime
) -> int:
    """All at once: numbers, states, ties, journal, readers and bars; running procedures are ended one by one."""
    said = _("Campaign: one text, many senders")
    for one in members:
        if one.matter_id is not None:
            petitions.set_state(
                petition_id=one.pk, state=State.CLOSED, outcome=Outcome.MERGED, reason=said, by=by, at=at
            )
    numbers = _numbers([one for one in members if not one.number], by, at)
    hashes = queries.signed([leading.pk, *(one.pk for one in members)])
    own = hashes.get(leading.pk, b"")
    percent = {pk: rules.percent(own, held) for pk, held in hashes.items()}
    values: dict[str, Any] = {
        "title": campaign.title,
        "at": at,
        "by": by.person_id,
        "leading": leading.pk,
        "campaign": campaign.pk,
        "ids": [one.pk for one in members],
        "numbers": [numbers.get(one.pk, "") for one in members],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MERGE_MANY, values)
    PetitionTie.objects.bulk_create(
        [
            PetitionTie(petition=one, other=leading, kind=TieKind.MERGED, percent=percent.get(one.pk, 0), reason=said,
                        made_at=at, made_person_id=by.person_id, made_post_id=by.post_id)
            for one in members
        ]
    )  # fmt: skip
    lines = [
        journal.Line(
            _subject(one.pk),
            {"campaign": campaign.pk, "into": leading.number, "number": numbers.get(one.pk, one.number)},
            one.guard_id,
            one.guard.label,
        )
        for one in members
    ]
    journal.write_many(act="petition.campaign_joined", lines=lines, by=by, at=at)
    return len(members)


def _numbers(members: Sequence[Petition], by: Actor, at: dt.datetime) -> dict[int, str]:
    if not members:
        return {}
    today = clock.date_of(at)
    issued = issue_numbers(
        series=SERIES,
        year=today.year,
        form=form_of(rulebook.text(f"number.{SERIES}", on=today), today.year),
        subjects=[_subject(one.pk) for one in members],
        guard_ids=[one.guard_id for one in members],
        by=by,
        at=at,
    )
    return {one.pk: text for one, (_pk, _value, text) in zip(members, issued, strict=True)}


@service
def reply_to_all(*, campaign_id: int, text: str, by: Actor, at: dt.datetime) -> int:
    """One reply that every sender of a campaign reads with the own receipt code; how many receipts it reaches."""
    campaign = queries.campaign(campaign_id)
    if campaign is None or campaign.leading_id is None:
        raise petition_rules.NoSuchPetition(_("There is no such campaign."))
    leading = petitions.locked(campaign.leading_id)
    petition_rules.may_decide(by, leading.guard.unit_id).demand()
    made = petitions.add_text(petition_id=leading.pk, part=Part.REPLY, side=Side.OFFICE, text=text, by=by, at=at)
    petitions.tell(text_ids=[made.pk], by=by, at=at)
    with acting_as(SYSTEM):
        reached = queries.merged(leading.pk).count() + 1
    _write("petition.campaign_told", leading, {"campaign": campaign.pk, "receipts": reached}, by, at)
    return reached


@service
def take_out(*, petition_id: int, reason: str, by: Actor, at: dt.datetime) -> Petition:
    """Take a sender's letter out of a campaign: it is handled on its own from here on."""
    petition = Petition.objects.select_related("campaign").filter(pk=petition_id).first()
    if petition is None or petition.campaign is None:
        raise petition_rules.NoSuchPetition(_("There is no such petition."))
    rules.may_leave(petition, petition.campaign).demand()
    return split(petition_id=petition_id, reason=reason, by=by, at=at)
