"""Django's handle on this app."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Verification of issued papers."""

    name = "chancery.kernel.publishing"
    label = "publishing"

    def ready(self) -> None:
        """Put the card up, claim the public way in, teach the journal our acts."""
        from chancery.foundations import card
        from chancery.foundations.journal.terms import register_acts
        from chancery.foundations.web import frame
        from chancery.kernel.publishing import terms
        from chancery.kernel.publishing.department import CARD

        card.register(CARD)
        frame.place("verify", "publishing:verify")
        register_acts(terms.ACTS)
