"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Who is who: units, posts, people, holdings, contacts (function 65)."""

    name = "chancery.kernel.directory"
    label = "directory"

    def ready(self) -> None:
        """Bring the card, the words of the journal, and the address block of public pages."""
        from chancery.foundations import card
        from chancery.foundations.journal.terms import register_acts
        from chancery.foundations.web import frame
        from chancery.kernel.directory.picking.forms import register_sources
        from chancery.kernel.directory.publicpage.views import frame_of
        from chancery.kernel.directory.terms import ACTS, CARD

        card.register(CARD)
        register_sources()
        register_acts(ACTS)
        frame.place("directory", "directory:departments")
        frame.fill("organisation", "directory/parts/organisation.html", frame_of)
        frame.fill("address", "directory/parts/address.html", frame_of)
