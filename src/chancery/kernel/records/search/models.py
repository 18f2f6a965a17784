"""The index: one row for each thing that can be found."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """What search knows of a thing. `subject` is "label.model:pk"; `kind` finds its words and its page.

    `keys` repeats from the guard who might see it (migration 0012 keeps them): what someone who sees little of much
    is found by. They only narrow; the guard decides.
    """

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, unique=True)
    title_en = models.CharField(max_length=400, blank=True, default="")
    title_zh = models.CharField(max_length=400, blank=True, default="")
    body = models.TextField(blank=True, default="")
    dated = models.DateField()
    unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    label = models.PositiveSmallIntegerField(default=0)
    class_code = models.CharField(max_length=40, blank=True, default="", db_default="")  # of the file plan
    state = models.CharField(max_length=16, blank=True, default="", db_default="")  # where it stands, as its kind says
    keys = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    tokens = SearchVectorField()
    tokenizer = models.PositiveSmallIntegerField()  # version of the tokens: another dictionary means another index
    indexed_at = models.DateTimeField()

    class Meta:
        db_table = "records_searchentry"
        indexes = [
            GinIndex(fields=["tokens", "keys"], name="records_search_words"),
            models.Index(fields=["-dated", "-id"], name="records_search_latest"),
            models.Index(fields=["guard"], name="records_search_guard"),
            models.Index(fields=["tokenizer"], name="records_search_tokenizer"),
        ]
