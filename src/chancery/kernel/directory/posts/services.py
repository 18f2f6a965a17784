"""The verbs of posts."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.kernel.directory import rules
from chancery.kernel.directory.models import Holding, Post, PostTerm, Unit
from chancery.kernel.directory.posts.rules import nobody_holds_it
from chancery.kernel.directory.terms import Rank
from chancery.kernel.directory.units.queries import stamp_of
from chancery.kernel.directory.units.rules import is_not_ended_by
from chancery.kernel.directory.validity import rules as validity
from chancery.kernel.directory.validity.queries import POST_FACTS, post_terms
from chancery.kernel.directory.validity.services import NO_DAY, keys_of, span, write_terms


@service
def open_post(
    *,
    unit_id: int,
    title_en: str,
    by: Actor,
    at: dt.datetime,
    title_zh: str = "",
    heading_en: str = "",
    heading_zh: str = "",
    code: str = "",
    rank: str = Rank.STAFF,
    is_leading: bool = False,
    seats: int = 1,
    position: int = 0,
    is_public: bool = False,
    on: dt.date | None = None,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Post:
    """Open a post in a unit from a day on. Without a code, one is made from the English title."""
    start = on or clock.date_of(at)
    Unit.objects.select_for_update().get(pk=unit_id)
    rules.may_edit(by, unit_id).demand()
    rules.has_not_moved_on(seen, stamp_of(unit_id)).demand()
    rules.may_date_back(start, clock.date_of(at), decision, reason).demand()
    facts = {
        "title_en": title_en,
        "title_zh": title_zh,
        "heading_en": heading_en,
        "heading_zh": heading_zh,
        "rank": Rank(rank).value,
        "is_leading": is_leading,
        "seats": seats,
        "position": position,
    }
    with rules.law_in_words():
        post = Post.objects.create(
            unit_id=unit_id, code=code or _free_code(unit_id, title_en), is_public=is_public,
            during=span(start, None), reason=reason, **facts,
        )  # fmt: skip
        PostTerm.objects.create(
            post=post, during=span(start, None), keys=keys_of(facts), decision=decision, reason=reason, **facts
        )
    journal.write(
        by=by, at=at, act="post.opened", on=post,
        data={"unit": unit_id, "code": post.code, "on": start, "decision": decision, "is_public": is_public, **facts},
    )  # fmt: skip
    return post


def _free_code(unit_id: int, title: str) -> str:
    stem = slugify(title)[:50] or "post"
    taken = set(Post.objects.filter(unit_id=unit_id, code__startswith=stem).values_list("code", flat=True))
    codes = (stem if number == 1 else f"{stem}-{number}" for number in itertools.count(1))
    return next(code for code in codes if code not in taken)


@service
def retitle_post(
    *,
    post_id: int,
    changes: dict[str, Any],
    by: Actor,
    at: dt.datetime,
    on: dt.date | None = None,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Post:
    """Give a post other facts (title, rank, seats, order) from a day on. `changes` names facts of `POST_FACTS`."""
    day = on or clock.date_of(at)
    post = Post.objects.select_for_update().get(pk=post_id)
    rules.may_edit(by, post.unit_id).demand()
    rules.has_not_moved_on(seen, stamp_of(post.unit_id)).demand()
    rules.may_date_back(day, clock.date_of(at), decision, reason).demand()
    if unknown := changes.keys() - set(POST_FACTS):
        raise ValueError(f"no such facts of a post: {sorted(unknown)}")
    before = post_terms(post_id)
    after = validity.change(before, day, changes)
    with rules.law_in_words():
        touched = write_terms(
            model=PostTerm, owner={"post_id": post_id}, before=before, after=after,
            decision=decision, reason=reason, by=by, at=at,
        )  # fmt: skip
    if touched:
        was = next(term.facts for term in before if term.holds_on(day))
        told = {name: {"from": was[name], "to": value} for name, value in changes.items() if was[name] != value}
        journal.write(
            by=by, at=at, act="post.retitled", on=post, data={"on": day, "decision": decision, "reason": reason, **told}
        )
        post.refresh_from_db()
    return post


@service
def publish_post(*, post_id: int, is_public: bool, by: Actor, at: dt.datetime, seen: int | None = None) -> Post:
    """Show a post, and whoever holds it, in the public directory, or take it out."""
    post = Post.objects.select_for_update().get(pk=post_id)
    rules.may_edit(by, post.unit_id).demand()
    rules.has_not_moved_on(seen, stamp_of(post.unit_id)).demand()
    if post.is_public != is_public:
        with rules.law_in_words():
            Post.objects.filter(pk=post_id).update(is_public=is_public, version=F("version") + 1)
        journal.write(by=by, at=at, act="post.published" if is_public else "post.withheld", on=post)
        post.refresh_from_db()
    return post


@service
def abolish_post(
    *,
    post_id: int,
    by: Actor,
    at: dt.datetime,
    on: dt.date | None = None,
    with_holdings: bool = False,
    decision: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Post:
    """End a post: `on` is the first day without it. With `with_holdings`, whoever holds it ceases to on that day."""
    day = on or clock.date_of(at)
    post = Post.objects.select_for_update().get(pk=post_id)
    rules.may_edit(by, post.unit_id).demand()
    rules.has_not_moved_on(seen, stamp_of(post.unit_id)).demand()
    rules.may_date_back(day, clock.date_of(at), decision, reason).demand()
    is_not_ended_by(post.during.lower, post.during.upper, day).demand()
    running = Holding.objects.filter(post=post, during__overlap=span(day, None))
    nobody_holds_it([holding.person.name_en for holding in running.select_related("person")], with_holdings).demand()
    before = post_terms(post_id)
    with rules.law_in_words():
        for holding in running:
            begun = holding.during.lower < day
            Holding.objects.filter(pk=holding.pk).update(
                during=span(holding.during.lower, day) if begun else NO_DAY,
                is_void=not begun,
                reason=reason or decision or _("The post was abolished."),
                version=F("version") + 1,
            )
            journal.write(
                by=by, at=at, act="holding.ended", on=holding,
                data={"on": day, "post": post_id, "person": holding.person_id, "decision": decision},
            )  # fmt: skip
        write_terms(
            model=PostTerm, owner={"post_id": post_id}, before=before, after=validity.cut(before, day),
            decision=decision, reason=reason, by=by, at=at,
        )  # fmt: skip
        never = post.during.lower >= day
        Post.objects.filter(pk=post_id).update(
            during=NO_DAY if never else span(post.during.lower, day),
            is_void=never,
            reason=reason or decision or _("The post was abolished."),
            version=F("version") + 1,
        )
    journal.write(
        by=by, at=at, act="post.abolished", on=post,
        data={"on": day, "unit": post.unit_id, "decision": decision, "reason": reason},
    )  # fmt: skip
    post.refresh_from_db()
    return post
