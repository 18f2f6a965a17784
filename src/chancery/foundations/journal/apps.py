"""Django's handle on this app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The hash-chained record of every act."""

    name = "chancery.foundations.journal"
    label = "journal"

    def ready(self) -> None:
        """Teach the journal its own words."""
        from chancery.foundations.journal.terms import OWN_ACTS, register_acts

        register_acts(OWN_ACTS)
