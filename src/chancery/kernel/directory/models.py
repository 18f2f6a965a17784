"""Units, posts, people, holdings, contacts.

Two shapes of truth stand side by side (docs/adr/0010-directory-validity.md):

- dated rows (`UnitTerm`, `PostTerm`, `Holding`, `Contact`) are the record: a row is true on day d iff `during @> d`;
- `Unit` and `Post` repeat today's term in plain columns, so that others join them without a date.

A range is `[first day, first day on which it is no longer true)`. A row entered in error is not deleted: it becomes
void (`during = 'empty'`), so no day contains it. The database keeps each earlier version of a changed row in
`FormerVersion`; the web role can neither write there nor delete here (migration 0002).
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Clearance
from chancery.kernel.directory.terms import ContactKind, ContactUse, HoldingKind, Rank, UnitKind


def _sound_range(name: str) -> models.CheckConstraint:
    """A dated row begins on a known day and holds at least one, unless it is void."""
    return models.CheckConstraint(
        name=name,
        condition=Q(during__isempty=True, is_void=True)
        | Q(during__isempty=False, during__lower_inf=False, is_void=False),
        violation_error_message=_("The end must come after the start."),
    )


class UnitFacts(models.Model):
    """What is true of a unit at a time."""

    name_en = models.CharField(_("English name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=24, choices=UnitKind, default=UnitKind.DEPARTMENT)
    parent = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    led_by = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(_("order"), default=0)
    functions_en = models.TextField(_("what it does (English)"), blank=True)
    functions_zh = models.TextField(_("what it does (Chinese)"), blank=True)

    class Meta:
        abstract = True


class Unit(UnitFacts):
    """A body: department, office, division, member society, local association.

    `code` is its identity for ever; `during` is its life; the inherited columns repeat the term of today (of its last
    day, once dissolved; of its first, before it begins).
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    during = DateRangeField(_("life"))
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    is_void = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["parent", "position"], name="directory_unit_children"),
            models.Index(fields=["led_by"], name="directory_unit_led_by"),
        ]
        constraints = [_sound_range("directory_unit_life")]

    def __str__(self) -> str:
        return self.name_en


class UnitTerm(UnitFacts):
    """A unit's name, kind, place and work from one day to another."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="terms")
    during = DateRangeField()
    decision = models.CharField(_("decision"), max_length=200, blank=True)
    keys = SearchVectorField(editable=False, db_default=Value(""))
    is_void = models.BooleanField(default=False)
    reason = models.TextField(_("reason for the correction"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["parent"], name="directory_unitterm_parent"),
            models.Index(fields=["unit"], name="directory_unitterm_hq", condition=Q(kind=UnitKind.HEADQUARTERS)),
            GinIndex(fields=["keys"], name="directory_unitterm_keys"),
        ]
        constraints = [
            _sound_range("directory_unitterm_range"),
            ExclusionConstraint(
                name="directory_unitterm_one_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("The unit already has other facts for those days."),
            ),
            models.CheckConstraint(
                name="directory_unitterm_not_its_own_parent",
                condition=~Q(parent=F("unit")) | Q(parent=None),
                violation_error_message=_("A unit cannot stand under itself."),
            ),
            models.CheckConstraint(
                name="directory_unitterm_not_led_by_itself",
                condition=~Q(led_by=F("unit")) | Q(led_by=None),
                violation_error_message=_("A unit cannot be led by itself."),
            ),
        ]


class UnitClosure(models.Model):
    """Today's tree: every unit with each unit at or above it. Written only by the database."""

    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    descendant = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ancestor", "descendant"], include=["depth"], name="directory_unitclosure_pair"
            )
        ]


class PostFacts(models.Model):
    """What is true of a post at a time."""

    title_en = models.CharField(_("English title"), max_length=200)
    title_zh = models.CharField(_("Chinese title"), max_length=200, blank=True)
    heading_en = models.CharField(_("English heading"), max_length=200, blank=True)
    heading_zh = models.CharField(_("Chinese heading"), max_length=200, blank=True)
    rank = models.CharField(_("rank"), max_length=32, choices=Rank, default=Rank.STAFF)
    is_leading = models.BooleanField(_("leading post"), default=False)
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        abstract = True


class Post(PostFacts):
    """Seats of work in a unit. It exists whether or not anyone holds it. `code` is its identity inside the unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    code = models.CharField(_("code"), max_length=60)
    is_public = models.BooleanField(_("in the public directory"), default=False)
    during = DateRangeField(_("life"))
    is_void = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="directory_post_code"),
            _sound_range("directory_post_life"),
        ]

    def __str__(self) -> str:
        return self.title_en


class PostTerm(PostFacts):
    """A post's title, rank and seats from one day to another."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="terms")
    during = DateRangeField()
    decision = models.CharField(_("decision"), max_length=200, blank=True)
    keys = SearchVectorField(editable=False, db_default=Value(""))
    is_void = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="directory_postterm_keys")]
        constraints = [
            _sound_range("directory_postterm_range"),
            ExclusionConstraint(
                name="directory_postterm_one_at_a_time",
                expressions=[("post", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("The post already has other facts for those days."),
            ),
            models.CheckConstraint(
                name="directory_postterm_has_a_seat",
                condition=Q(seats__gte=1),
                violation_error_message=_("A post has at least one seat."),
            ),
        ]


class Person(models.Model):
    """Someone who holds, held or may hold a post.

    `name_zh` stays empty when only a romanised name is known. `label` says from which clearance the name shows;
    `is_public` is kept by the database: true once the person has held a public post. `keys` holds what the find box
    matches: words, pinyin, initials and tails of the Chinese name.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name_en = models.CharField(_("romanised name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True, db_collation="C")
    sort_key = models.CharField(max_length=240, editable=False, db_collation="C")
    initials = models.CharField(max_length=40, editable=False)
    keys = SearchVectorField(editable=False)
    label = models.PositiveSmallIntegerField(_("shown from"), default=Clearance.INTERNAL)
    is_public = models.BooleanField(default=False, editable=False)
    is_sample = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            GinIndex(fields=["keys"], name="directory_person_keys"),
            # Collation C: one index serves the order and the beginning (LIKE 'wang%').
            models.Index(fields=["sort_key"], name="directory_person_sort"),
            models.Index(fields=["name_zh"], name="directory_person_zh"),
            models.Index(fields=["sort_key"], name="directory_person_public", condition=Q(is_public=True)),
        ]

    def __str__(self) -> str:
        return self.name_en


class Holding(models.Model):
    """A person in a seat of a post, from one day to another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    seat = models.PositiveSmallIntegerField(_("seat"), default=1)
    kind = models.CharField(_("kind"), max_length=12, choices=HoldingKind, default=HoldingKind.SUBSTANTIVE)
    during = DateRangeField()
    decision = models.CharField(_("decision"), max_length=200, blank=True)
    is_void = models.BooleanField(default=False)
    reason = models.TextField(_("reason for the correction"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            _sound_range("directory_holding_range"),
            models.CheckConstraint(name="directory_holding_seat_counts_from_one", condition=Q(seat__gte=1)),
            ExclusionConstraint(
                name="directory_holding_one_holder_a_seat",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("seat", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=~Q(kind=HoldingKind.ACTING),
                violation_error_message=_("Somebody else holds that seat on some of those days."),
            ),
            ExclusionConstraint(
                name="directory_holding_one_acting_a_seat",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("seat", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(kind=HoldingKind.ACTING),
                violation_error_message=_("Somebody else acts in that seat on some of those days."),
            ),
            ExclusionConstraint(
                name="directory_holding_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The person already holds this post on some of those days."),
            ),
        ]


class Contact(models.Model):
    """A telephone, fax, e-mail or address of a unit, a post or a person. `value` is kept exactly as published."""

    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=12, choices=ContactKind)
    use = models.CharField(_("whose line"), max_length=12, choices=ContactUse, default=ContactUse.OFFICE)
    value = models.CharField(_("value"), max_length=300)
    value_zh = models.CharField(_("value in Chinese"), max_length=300, blank=True)
    is_public = models.BooleanField(_("on the public page"), default=False)
    position = models.PositiveIntegerField(_("order"), default=0)
    during = DateRangeField()
    is_void = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            _sound_range("directory_contact_range"),
            models.CheckConstraint(
                name="directory_contact_has_one_owner",
                condition=Q(unit__isnull=False, post=None, person=None)
                | Q(unit=None, post__isnull=False, person=None)
                | Q(unit=None, post=None, person__isnull=False),
                violation_error_message=_("A contact belongs to one unit, post or person."),
            ),
            models.CheckConstraint(
                name="directory_contact_private_is_never_public",
                condition=~Q(use=ContactUse.PRIVATE, is_public=True),
                violation_error_message=_("A private line cannot stand on the public page."),
            ),
        ]


class FormerVersion(models.Model):
    """A row as it stood before a change. Written by the database alone."""

    row_table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    facts = models.JSONField()
    reason = models.TextField(blank=True)
    replaced_at = models.DateTimeField()
    replaced_by_person = models.BigIntegerField(null=True)
    replaced_in_post = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["row_table", "row_id"], name="directory_former_of")]
