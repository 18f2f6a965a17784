"""The words of the journal: acts are stored as codes, shown in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_acts: dict[str, StrOrPromise] = {}


def register_acts(words: Mapping[str, StrOrPromise]) -> None:
    """Teach the journal words, `{"document.registered": _("Registered")}`; called from `AppConfig.ready`."""
    _acts.update(words)


def act_words(act: str) -> StrOrPromise:
    """The words of an act, or its code where nobody registered any."""
    return _acts.get(act, act)


def all_acts() -> dict[str, StrOrPromise]:
    """Every registered act by code."""
    return dict(_acts)


LABELS: dict[int, StrOrPromise] = {
    0: pgettext_lazy("clearance", "Public"),
    10: pgettext_lazy("clearance", "Internal"),
    20: pgettext_lazy("clearance", "Restricted"),
    30: pgettext_lazy("clearance", "Confidential"),
}

OWN_ACTS: dict[str, StrOrPromise] = {
    "journal.check_asked": _("Check of the journal asked for"),
    "journal.checked": _("Journal checked"),
}
