"""The procedures of review and re-review."""
