"""Vocabulary of review and re-review."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.terms import REREVIEWER, REVIEWER, Stage

PROCEDURES = {Stage.REVIEW: "petition_review", Stage.RE_REVIEW: "petition_rereview"}
ROLES = {Stage.REVIEW: REVIEWER, Stage.RE_REVIEW: REREVIEWER}
NEXT = {Stage.FIRST: Stage.REVIEW, Stage.REVIEW: Stage.RE_REVIEW}

ACTS = {
    "petition.review_asked": _("Review asked for"),
    "petition.review_returned": _("Returned to be handled anew"),
}
