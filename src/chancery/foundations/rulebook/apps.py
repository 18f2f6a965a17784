"""Django's handle on this app."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """Dated provisions with their legal basis."""

    name = "chancery.foundations.rulebook"
    label = "rulebook"
