"""What a contact may hold, and which may stand on the public page."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.directory.terms import ContactKind, ContactUse

_NUMBER = re.compile(r"\+?[0-9][0-9 ()\-]{3,28}[0-9](?: ?(?:ext\.?|转|x) ?[0-9]{1,6})?", re.IGNORECASE)
_POSTCODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z \-]{2,10}")


def may_be_public(use: str, is_public: bool) -> Verdict:
    """A private line never stands on the public page."""
    if is_public and use == ContactUse.PRIVATE:
        return no(_("A private line cannot stand on the public page."), field="is_public")
    return yes()


def is_well_formed(kind: str, value: str) -> Verdict:
    """The value looks like what it says it is; its spelling is kept as published."""
    match kind:
        case ContactKind.PHONE | ContactKind.FAX if not _NUMBER.fullmatch(value):
            return no(_("A telephone number has digits, spaces, brackets and hyphens."), field="value")
        case ContactKind.EMAIL if not _passes(validate_email, value):
            return no(_("That is no e-mail address."), field="value")
        case ContactKind.WEB if not _passes(URLValidator(schemes=["http", "https"]), value):
            return no(_("A website begins with http:// or https://."), field="value")
        case ContactKind.POSTCODE if not _POSTCODE.fullmatch(value):
            return no(_("That is no postcode."), field="value")
    return yes() if value.strip() else no(_("Say what it is."), field="value")


def _passes(check: object, value: str) -> bool:
    try:
        check(value)  # type: ignore[operator]  # Django's validators share no callable type
    except ValidationError:
        return False
    return True


def as_uri(kind: str, value: str) -> str:
    """A contact as the address a program can dial or write to. Digits only: how it was printed stays in the value.

    "86-10-68578086" begins with the country's code, as numbers printed for readers abroad do; one without it can be
    dialled only from where it is (RFC 3966 asks such numbers for a context, which the page does not give).
    """
    match kind:
        case ContactKind.PHONE | ContactKind.FAX:
            digits = re.sub(r"[^0-9]", "", re.split(r"ext|转|x", value, maxsplit=1, flags=re.IGNORECASE)[0])
            is_full = value.startswith("+") or (value.startswith("86-") and len(digits) > 10)
            return f"tel:{'+' if is_full else ''}{digits}"
        case ContactKind.EMAIL:
            return f"mailto:{value}"
        case _:
            return value
