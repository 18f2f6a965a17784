"""ApiToken."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A program's way in, acting as one person in one post within `scopes`. Only a SHA-256 digest is kept."""

    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="tokens")
    post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.TextField(), verbose_name=_("allowed to"))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_apitoken_expires_after_made",
                condition=models.Q(expires_at__gt=models.F("created_at")),
            )
        ]
