"""Receipts and wrong tries."""

from __future__ import annotations

from django.db import models


class Receipt(models.Model):
    """A code that leads to one thing received. Neither the code nor the token of the form it came by is kept: only
    hashes under a key that is not in the database. The web role reads no row; it asks by hash."""

    mac = models.BinaryField(unique=True)
    token_mac = models.BinaryField(null=True, unique=True)
    subject = models.CharField(max_length=120, db_index=True)
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "publishing_receipt"
        constraints = [
            models.CheckConstraint(
                name="publishing_receipt_subject", condition=models.Q(subject__regex=r"^[a-z_]+\.[a-z]+:.+$")
            )
        ]


class WrongTry(models.Model):
    """How often a place (a keyed hash, never an address) gave a wrong code, and until when it waits. `place` "total"
    counts all. Swept after a day."""

    place = models.CharField(max_length=32, primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()

    class Meta:
        db_table = "publishing_wrongtry"
