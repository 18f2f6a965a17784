"""Django's handle on this app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The hash-chained record of every act."""

    name = "chancery.foundations.journal"
    label = "journal"
