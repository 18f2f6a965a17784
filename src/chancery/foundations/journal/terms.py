"""The words of the journal: acts are stored as codes, shown in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_acts: dict[str, StrOrPromise] = {}


def register_acts(words: Mapping[str, StrOrPromise]) -> None:
    """Teach the journal the words of acts: `{"document.registered": _("Registered")}`. Called from `AppConfig.ready`."""
    _acts.update(words)


def act_words(act: str) -> StrOrPromise:
    """The words of an act, or its code where nobody registered any."""
    return _acts.get(act, act)


def all_acts() -> dict[str, StrOrPromise]:
    """Every registered act by code."""
    return dict(_acts)


OWN_ACTS: dict[str, StrOrPromise] = {
    "journal.verified": _("Journal verified"),
}
