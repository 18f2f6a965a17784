"""Django's handle on this app."""

from django.apps import AppConfig


class GeneralOfficeConfig(AppConfig):
    """General Office."""

    name = "chancery.departments.general_office"
    label = "general_office"

    def ready(self) -> None:
        """Put the card, the procedures and the words of acts on their boards."""
        from chancery.departments.general_office import department
        from chancery.departments.general_office.incoming_documents import terms
        from chancery.departments.general_office.incoming_documents.procedures import bindings
        from chancery.foundations import card
        from chancery.foundations.journal.terms import register_acts
        from chancery.kernel.records import terms as records

        card.register(department.CARD)
        records.register_series(terms.SERIES, "Incoming documents", "收文")
        records.register_search_kind("incoming", terms.SEARCH_KIND, "general_office:incoming_document")
        register_acts(terms.ACTS)
        bindings.bring()
