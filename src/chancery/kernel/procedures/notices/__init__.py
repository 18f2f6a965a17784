"""Notices in the page and by e-mail; the daily digest; the outbox that shows what was sent."""
