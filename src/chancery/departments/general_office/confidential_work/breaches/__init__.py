"""Breach reports: what was lost or leaked, reported within hours, closed with a result. Function 6."""
