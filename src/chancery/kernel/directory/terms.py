"""Codes stored, words shown."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What a unit is."""

    FEDERATION = "FEDERATION", _("Federation")
    LEADING_BODY = "LEADING_BODY", _("Leading body")
    HEADQUARTERS = "HEADQUARTERS", _("Headquarters")
    DEPARTMENT = "DEPARTMENT", _("Department")
    OFFICE = "OFFICE", _("Office")
    DIVISION = "DIVISION", _("Division")
    AFFILIATED = "AFFILIATED", _("Affiliated unit")
    MEMBER_SOCIETY = "MEMBER_SOCIETY", _("Member society")
    LOCAL_ASSOCIATION = "LOCAL_ASSOCIATION", _("Local association")
    PRIMARY_ORGANIZATION = "PRIMARY_ORGANIZATION", _("Primary organization")


# What the page "Administrative Departments" walks through, downward from the headquarters.
HOUSE_KINDS = (UnitKind.HEADQUARTERS, UnitKind.DEPARTMENT, UnitKind.OFFICE, UnitKind.DIVISION)


class Rank(models.TextChoices):
    """Rank of a post. English titles differ for one rank: associate and deputy inspector are both 副巡视员."""

    DIRECTOR_GENERAL = "DIRECTOR_GENERAL", _("Director general level")
    DEPUTY_DIRECTOR_GENERAL = "DEPUTY_DIRECTOR_GENERAL", _("Deputy director general level")
    INSPECTOR = "INSPECTOR", _("Inspector")
    DEPUTY_INSPECTOR = "DEPUTY_INSPECTOR", _("Deputy inspector")
    DIVISION_DIRECTOR = "DIVISION_DIRECTOR", _("Division director level")
    DEPUTY_DIVISION_DIRECTOR = "DEPUTY_DIVISION_DIRECTOR", _("Deputy division director level")
    STAFF = "STAFF", _("Staff")
    OTHER = "OTHER", _("Other rank")


class HoldingKind(models.TextChoices):
    """How a person holds a post. All but acting fill the seat."""

    SUBSTANTIVE = "SUBSTANTIVE", _("Substantive")
    CONCURRENT = "CONCURRENT", _("Concurrent")
    ACTING = "ACTING", _("Acting")
    TRIAL = "TRIAL", _("On trial")


class ContactKind(models.TextChoices):
    """What a contact is."""

    PHONE = "PHONE", _("Telephone")
    FAX = "FAX", _("Fax")
    EMAIL = "EMAIL", _("E-mail")
    ADDRESS = "ADDRESS", _("Address")
    POSTCODE = "POSTCODE", _("Postcode")
    WEB = "WEB", _("Website")


class ContactUse(models.TextChoices):
    """Whose line it is. A private one can never be public."""

    OFFICE = "OFFICE", _("Office line")
    PRIVATE = "PRIVATE", _("Private line")
