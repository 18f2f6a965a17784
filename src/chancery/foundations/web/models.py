"""What the screen itself remembers: knocks at public doors, acts done, saved views of lists."""

from __future__ import annotations

from django.db import models


class Knock(models.Model):
    """How often a (hashed) address knocked at a door in a window of time."""

    pk = models.CompositePrimaryKey("key", "window_start")
    key = models.CharField(max_length=32)
    window_start = models.BigIntegerField()
    count = models.IntegerField()


class DoneAct(models.Model):
    """A form's token, once its act is done, and where the answer sent the person."""

    token = models.UUIDField(primary_key=True)
    account = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    went_to = models.TextField(default="")


class SavedView(models.Model):
    """A list as somebody narrowed it, under a name; one account's own. `address` holds path and query string."""

    account = models.BigIntegerField()
    page = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    address = models.TextField()

    class Meta:
        ordering = ["page", "name"]
        constraints = [models.UniqueConstraint(fields=["account", "page", "name"], name="web_savedview_once")]


class SpentProof(models.Model):
    """A challenge whose answer was used: it is used once. `expires_at` is when the challenge itself runs out."""

    nonce = models.CharField(max_length=32, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)
