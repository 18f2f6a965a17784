"""Words of comments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTS = {
    "comment.made": _("Comment made"),
    "comment.answered": _("Comment answered"),
    "comment.resolved": _("Comment resolved"),
    "comment.reopened": _("Comment opened again"),
}
