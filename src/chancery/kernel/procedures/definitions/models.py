"""One row a version of a drawing."""

from __future__ import annotations

from django.db import models


class Definition(models.Model):
    """A version of a procedure's BPMN file. A running matter stays on the version it began with.

    `source` is the file as it was; `steps` its steps in reading order as `[{id, role, name_en, name_zh, many}]`.
    """

    code = models.CharField(max_length=60)
    hash = models.CharField(max_length=64)
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)
    source = models.TextField()
    steps = models.JSONField(default=list)
    is_current = models.BooleanField(default=True)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "hash"], name="procedures_definition_once"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(is_current=True), name="procedures_definition_one_current"
            ),
        ]
