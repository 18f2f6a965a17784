"""Django's handle on this app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Files, documents, numbers, search."""

    name = "chancery.kernel.records"
    label = "records"

    def ready(self) -> None:
        """Put the card up, claim the search box, teach the journal our acts."""
        from chancery.foundations import card
        from chancery.foundations.journal.terms import register_acts
        from chancery.foundations.web import frame
        from chancery.kernel.records import terms
        from chancery.kernel.records.department import CARD

        card.register(CARD)
        frame.place("search", "records:search")
        frame.place("suggest", "records:suggest")
        register_acts(terms.ACTS)
