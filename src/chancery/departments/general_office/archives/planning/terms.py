"""Codes."""

from __future__ import annotations

from chancery.foundations.actor import Clearance

PROCEDURE = "file_plan_approval"
SUBJECT = "records.fileplan"
LABEL = Clearance.INTERNAL
CHECK_DAYS = "archive.plan.check.days"
