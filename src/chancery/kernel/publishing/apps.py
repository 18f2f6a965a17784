"""Django's handle on this app."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Verification of issued papers, receipts, notices, status."""

    name = "chancery.kernel.publishing"
    label = "publishing"

    def ready(self) -> None:
        """Put the card up, claim the public ways in, bring the procedure, teach the journal our acts."""
        from chancery.foundations import card
        from chancery.foundations.journal.terms import register_acts
        from chancery.foundations.web import frame
        from chancery.kernel.publishing import terms
        from chancery.kernel.publishing.department import CARD
        from chancery.kernel.publishing.notices.procedures import bindings

        card.register(CARD)
        frame.place("verify", "publishing:verify")
        frame.place("public_notices", "publishing:public_notices")
        frame.place("status", "publishing:status")
        bindings.bring()
        for acts in terms.ACTS:
            register_acts(acts)
