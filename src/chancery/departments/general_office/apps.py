"""Django's handle on this app."""

from django.apps import AppConfig


class GeneralOfficeConfig(AppConfig):
    """General Office."""

    name = "chancery.departments.general_office"
    label = "general_office"
