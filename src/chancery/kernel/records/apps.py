"""Django's handle on this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Files, documents, numbers, search."""

    name = "chancery.kernel.records"
    label = "records"

    def ready(self) -> None:
        """Put the card up, claim the search box, teach the journal our acts."""
        from chancery.foundations import card
        from chancery.foundations.journal.terms import register_acts
        from chancery.foundations.postgres.row_security import ask_of_every_service
        from chancery.foundations.web import frame
        from chancery.kernel.records import terms
        from chancery.kernel.records.archive import queries as archive_queries
        from chancery.kernel.records.archive import terms as archive
        from chancery.kernel.records.department import CARD
        from chancery.kernel.records.disposal import terms as disposal
        from chancery.kernel.records.fixity import queries as fixity_queries
        from chancery.kernel.records.fixity import terms as fixity
        from chancery.kernel.records.markings import forms as marked_forms
        from chancery.kernel.records.markings.services import demand_unmarked_call
        from chancery.kernel.records.packages import queries as packages_queries
        from chancery.kernel.records.packages import terms as packages

        card.register(CARD)
        marked_forms.install()
        ask_of_every_service(demand_unmarked_call)
        frame.place("search", "records:search")
        frame.place("suggest", "records:suggest")
        register_acts(terms.ACTS)
        terms.register_series(disposal.LIST_SERIES, "Appraisal lists", "档案鉴定清册")
        terms.register_series(disposal.CERTIFICATE_SERIES, "Certificates of destruction", "档案销毁证明")
        terms.register_series_source(archive.SERIES_PREFIX, archive_queries.series_named)
        terms.register_series_source(archive.BOX_SERIES_PREFIX, archive_queries.series_named)
        terms.register_search_kind(
            archive.SEARCH_KIND, _("Archival item"), "records:archival_item", states=dict(archive.ItemState.choices)
        )
        terms.declare_search()
        register_acts(fixity.ACTS)
        register_acts(packages.ACTS)
        archive.register_section(archive.Section("fixity", "records/fixity/section.html", fixity_queries.section, 80))
        archive.register_source(archive.Source("received", "Taken in from another archive", "接收进馆"))
        terms.register_series_source("received.", packages_queries.series_named)
