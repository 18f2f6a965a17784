"""When a post may be opened or abolished."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Verdict, no, yes


def nobody_holds_it(holders: Sequence[str], with_holdings: bool) -> Verdict:
    """Nobody holds it from that day on, or their holdings are to end with it."""
    if with_holdings or not holders:
        return yes()
    return no(
        _("Still held by %(names)s. End their holding with the post, or first.") % {"names": ", ".join(holders)},
        field="with_holdings",
    )
