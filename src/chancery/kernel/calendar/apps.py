"""Django's handle on this app."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Working days and deadlines."""

    name = "chancery.kernel.calendar"
    label = "calendar"

    def ready(self) -> None:
        """Put the card up and teach the journal our acts."""
        from chancery.foundations import card
        from chancery.foundations.journal.terms import register_acts
        from chancery.kernel.calendar import terms
        from chancery.kernel.calendar.department import CARD

        card.register(CARD)
        register_acts(terms.ACTS)
