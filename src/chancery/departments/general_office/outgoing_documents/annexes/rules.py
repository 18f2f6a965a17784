"""What may be an annex."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chancery.foundations.verdict import Refused, Verdict, no, yes

MOST = 40
ENDINGS = frozenset(
    {"pdf", "ofd", "docx", "odt", "xlsx", "ods", "pptx", "csv", "txt", "png", "jpg", "jpeg", "tif", "tiff"}
)


class ForbiddenType(Refused):
    """Files of this type do not go out with a paper."""


def may_be_annex(name: str, *, already: int) -> Verdict:
    """A type that every addressee can open, and not more than fit a paper."""
    if name.rpartition(".")[2].lower() not in ENDINGS:
        return no(
            _("“%(name)s” cannot be an annex. Allowed: %(types)s.")
            % {"name": name, "types": ", ".join(sorted(ENDINGS))},
            field="annexes",
            refusal=ForbiddenType,
        )
    if already >= MOST:
        return no(_("A paper has at most %(number)d annexes.") % {"number": MOST}, field="annexes")
    return yes()
