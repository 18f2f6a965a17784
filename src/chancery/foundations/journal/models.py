"""Entries, the head of each chain, and the daily seals.

The tables are written by two database functions only (`journal_append`, `journal_seal_day`; migration 0002); the web
role may read them and execute the functions. Every column of an entry is also inside `canonical`, the text that is
hashed, so that the verifier finds a column that was changed behind the hash.
"""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One act. `subject` is "label.model:pk"; `seq` counts from 1 in the subject's chain.

    `at` is the time of the act as its service was told, `recorded_at` the database's own clock, `day` the site's day
    the entry is booked on: the day of `at`, or the first unsealed day when that one is sealed already.
    `witness_*` and `seal_*` name the newest entry and the newest seal the writer could see: they tie the chains of all
    subjects to one another, so that a chain cannot vanish with its head.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.TextField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    day = models.DateField()
    act = models.TextField()
    data = models.JSONField(default=dict)
    kind = models.TextField()
    account_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    body_id = models.BigIntegerField(null=True)
    deputising_for = models.BigIntegerField(null=True)
    person_name = models.TextField()
    post_title = models.TextField()
    body_name = models.TextField()
    guard_id = models.BigIntegerField(null=True)
    label = models.SmallIntegerField()
    witness_id = models.BigIntegerField(null=True)
    witness_hash = models.BinaryField(null=True)
    seal_day = models.DateField(null=True)
    seal_digest = models.BinaryField(null=True)
    canonical = models.TextField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "seq"], name="journal_entry_one_per_place"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="journal_entry_counts_from_one"),
        ]
        indexes = [
            models.Index(fields=["day", "id"], name="journal_entry_by_day"),
            models.Index(fields=["person_id", "id"], name="journal_entry_by_person"),
            models.Index(fields=["act", "id"], name="journal_entry_by_act"),
            models.Index(fields=["guard_id"], name="journal_entry_by_guard"),
            models.Index(fields=["person_name", "id"], name="journal_entry_by_name"),
        ]


class Head(models.Model):
    """The end of a subject's chain. Its row is the lock under which the next entry is written."""

    subject = models.TextField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()
    entry_id = models.BigIntegerField(null=True)


class Seal(models.Model):
    """A closed day: the Merkle root over its entries' hashes in `id` order, tied to the seal of the day before.

    `ids` are the sealed entries' ids as PostgreSQL writes a multirange, so that a missing entry can be named.
    """

    day = models.DateField(primary_key=True)
    count = models.BigIntegerField()
    ids = models.TextField()
    root = models.BinaryField()
    previous_digest = models.BinaryField()
    sealed_at = models.DateTimeField()
    digest = models.BinaryField()
