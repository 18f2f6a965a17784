"""Django's handle on this app."""

from django.apps import AppConfig


class GeneralOfficeConfig(AppConfig):
    """General Office."""

    name = "chancery.departments.general_office"
    label = "general_office"

    def ready(self) -> None:
        """Put the card, the procedures and the words of acts on their boards."""
        from chancery.departments.general_office import department
        from chancery.departments.general_office.incoming_documents import queries as incoming
        from chancery.departments.general_office.incoming_documents import terms
        from chancery.departments.general_office.incoming_documents.inside import services as inside
        from chancery.departments.general_office.incoming_documents.inside import terms as inside_terms
        from chancery.departments.general_office.incoming_documents.inside.procedures import bindings as inside_bindings
        from chancery.departments.general_office.incoming_documents.procedures import bindings
        from chancery.departments.general_office.outgoing_documents import terms as outgoing
        from chancery.departments.general_office.outgoing_documents.address_book import terms as address_book
        from chancery.departments.general_office.outgoing_documents.comments import terms as comments
        from chancery.departments.general_office.outgoing_documents.correction import terms as correction
        from chancery.departments.general_office.outgoing_documents.dispatch import services as dispatch
        from chancery.departments.general_office.outgoing_documents.dispatch import terms as dispatch_terms
        from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
        from chancery.departments.general_office.outgoing_documents.drafting import terms as drafting_terms
        from chancery.departments.general_office.outgoing_documents.exchange import terms as exchange
        from chancery.departments.general_office.outgoing_documents.issuing import terms as issuing_terms
        from chancery.departments.general_office.outgoing_documents.issuing.series import queries as issuing
        from chancery.departments.general_office.outgoing_documents.procedures import bindings as outgoing_bindings
        from chancery.foundations import card
        from chancery.foundations.journal.terms import register_acts
        from chancery.kernel.records import terms as records

        card.register(department.CARD)
        records.register_series(terms.SERIES, "Incoming documents", "收文")
        records.register_search_kind("incoming", terms.SEARCH_KIND, "general_office:incoming_document")
        records.register_series_source(issuing_terms.SERIES_PREFIX, issuing.series_named)
        records.register_search_kind("outgoing", outgoing.SEARCH_KIND, "general_office:outgoing_document")
        register_acts(terms.ACTS)
        register_acts(outgoing.ACTS)
        register_acts(issuing_terms.ACTS)
        for acts in (address_book.ACTS, comments.ACTS, drafting_terms.ACTS):
            register_acts(acts)
        drafting.register_sources()
        for acts in (inside_terms.ACTS, dispatch_terms.ACTS, correction.ACTS, exchange.ACTS):
            register_acts(acts)
        records.register_series(inside_terms.SERIES, "Documents from inside the house", "内部来文")
        inside.listen(dispatch.DESKS)
        bindings.bring()
        inside_bindings.bring()
        outgoing_bindings.bring()
        incoming.register_sources()
