"""Codes stored, words shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from chancery.foundations.card import Card, MenuItem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


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


class Change(models.TextChoices):
    """What a line of the changes tells."""

    UNIT_BEGAN = "UNIT_BEGAN", _("Unit set up")
    UNIT_CHANGED = "UNIT_CHANGED", _("Unit changed")
    UNIT_ENDED = "UNIT_ENDED", _("Unit dissolved")
    POST_OPENED = "POST_OPENED", _("Post opened")
    POST_CHANGED = "POST_CHANGED", _("Post changed")
    POST_ABOLISHED = "POST_ABOLISHED", _("Post abolished")
    APPOINTED = "APPOINTED", _("Appointed")
    ACTING_BEGAN = "ACTING_BEGAN", _("Began to act")
    LEFT = "LEFT", _("Left")


ACTS: dict[str, StrOrPromise] = {
    "unit.created": _("Unit set up"),
    "unit.changed": _("Unit changed"),
    "unit.renamed": _("Unit renamed"),
    "unit.moved": _("Unit moved"),
    "unit.led": _("Leading unit changed"),
    "unit.described": _("Work of the unit described"),
    "unit.dissolved": _("Unit dissolved"),
    "unit.confirmed": _("Entry confirmed"),
    "post.opened": _("Post opened"),
    "post.retitled": _("Post changed"),
    "post.published": _("Post shown to the public"),
    "post.withheld": _("Post withheld from the public"),
    "post.abolished": _("Post abolished"),
    "person.added": _("Person added"),
    "person.renamed": _("Name corrected"),
    "holding.appointed": _("Appointed"),
    "holding.acting": _("Began to act"),
    "holding.ended": _("Holding ended"),
    "holding.corrected": _("Holding corrected"),
    "holding.struck_out": _("Holding struck out"),
    "contact.added": _("Contact added"),
    "contact.ended": _("Contact ended"),
    "contact.struck_out": _("Contact struck out"),
}

CARD = Card(
    label="directory",
    place=30,
    name_en="Directory",
    name_zh="机构名录",
    functions=((65, "Directory", "机构名录"),),
    menu=(
        MenuItem("directory:desk", "Units and posts", "机构与职务", "sitemap"),
        MenuItem("directory:desk_people", "People", "人员", "users"),
        MenuItem("directory:desk_vacancies", "Vacancies", "空缺职务", "user-circle"),
    ),
)
