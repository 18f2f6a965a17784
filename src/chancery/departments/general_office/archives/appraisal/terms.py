"""Words of the two procedures."""

from __future__ import annotations

PROCEDURE = "archive_appraisal"
PERIOD_PROCEDURE = "archive_period"
LIST_SUBJECT = "records.appraisallist:{}"
DECISION_SUBJECT = "records.perioddecision:{}"

STATE_TONES = {
    "DRAFT": "neutral",
    "APPRAISAL": "blue",
    "SUBMITTED": "violet",
    "APPROVED": "amber",
    "EXECUTED": "green",
    "WITHDRAWN": "neutral",
}
VERDICT_TONES = {"KEEP": "green", "EXTEND": "blue", "DESTROY": "red", "TRANSFER": "violet"}
