"""Words of numbers, and the series that apps declare."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberState(models.TextChoices):
    """A number is in use, or was given up."""

    ISSUED = "ISSUED", _("In use")
    VOID = "VOID", _("Voided")


@dataclass(frozen=True, slots=True)
class Series:
    """A declared series. Its pattern is the provision `number.<code>` of the rulebook."""

    code: str
    name_en: str
    name_zh: str


_series: dict[str, Series] = {}


def register_series(code: str, name_en: str, name_zh: str) -> None:
    """Declare a number series; called from `AppConfig.ready`."""
    _series[code] = Series(code, name_en, name_zh)


def all_series() -> dict[str, Series]:
    """Every declared series by code."""
    return dict(_series)
