"""What a person keeps for themselves: watched matters."""

from __future__ import annotations

from django.db import models


class Watch(models.Model):
    """A matter someone keeps an eye on. Watching shows nothing one may not see."""

    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    matter = models.ForeignKey("procedures.Matter", on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "matter"], name="procedures_watch_once")]
