"""Words of seals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from chancery.foundations.card import Role

SEAL_REGISTRAR = "seal_registrar"

ROLES = (
    Role(
        SEAL_REGISTRAR,
        "Seal registrar",
        "印章管理员",
        "Registers seals, appoints keepers, retires seals and seals them up; affixes none by it.",
        "登记印章、指定保管岗位、停用和封存印章；不因此用印。",
    ),
)


class SealKind(models.TextChoices):
    """What a seal is for. The kind decides its device and its largest size (provision `records.seal.max_mm.<kind>`)."""

    OFFICIAL = "OFFICIAL", _("Official seal")
    SOCIETY = "SOCIETY", _("Society seal")
    FINANCE = "FINANCE", _("Finance seal")
    CONTRACT = "CONTRACT", _("Contract seal")
    SPECIAL = "SPECIAL", _("Special-purpose seal")


class SealState(models.TextChoices):
    """A seal is in use, was retired, or is sealed up because its body was dissolved or renamed."""

    ACTIVE = "ACTIVE", _("In use")
    RETIRED = "RETIRED", _("Retired")
    SEALED_UP = "SEALED_UP", _("Sealed up")


class KeyStore(models.TextChoices):
    """Where a private key lies."""

    LOCAL = "LOCAL", _("Local authority")
    PKCS12 = "PKCS12", _("PKCS#12 file")
    PKCS11 = "PKCS11", _("PKCS#11 token")


class SealPlace(Protocol):
    """Where an impression goes: the page counted from 0, millimetres from its top left corner."""

    @property
    def page(self) -> int:
        """The page, counted from 0."""

    @property
    def x_mm(self) -> float:
        """From the left edge."""

    @property
    def y_mm(self) -> float:
        """From the top edge."""

    @property
    def width_mm(self) -> float:
        """Breadth of the place; the impression stands in its middle in its own size."""

    @property
    def height_mm(self) -> float:
        """Height of the place."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed paper and the line of the use log that says so."""

    pdf: bytes
    sha256: str
    use_id: int


@dataclass(frozen=True, slots=True)
class SignerFacts:
    """One signature of a PDF. `seal_code` is empty when its certificate is in no register here."""

    name: str
    seal_code: str
    signed_at: dt.datetime | None
    is_intact: bool = False
    is_trusted: bool = False
    has_timestamp: bool = False
    unit_en: str = ""
    unit_zh: str = ""


@dataclass(frozen=True, slots=True)
class Validation:
    """What checking a PDF found. `problems` are sentences for the reader; empty when all is well."""

    is_signed: bool
    is_intact: bool
    is_trusted: bool
    covers_whole_file: bool
    signers: list[SignerFacts] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_readable: bool = True


ACTS = {
    "seal.registered": _("Seal registered"),
    "seal.keeper_changed": _("Keeper of the seal changed"),
    "seal.retired": _("Seal retired"),
    "seal.sealed_up": _("Seal sealed up"),
    "seal.certificate_renewed": _("Certificate of the seal renewed"),
    "seal.used": _("Seal affixed"),
    "seal.refused": _("Seal refused"),
}
