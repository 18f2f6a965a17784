"""Django's handle on this app."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """Matters, moved through BPMN procedures."""

    name = "chancery.kernel.procedures"
    label = "procedures"

    def ready(self) -> None:
        """Put up the card, teach the journal its words, judge the drawings, fill the frame."""
        from chancery.foundations.journal.terms import register_acts
        from chancery.foundations.web import frame
        from chancery.kernel.access.absence.terms import name_scopes_with
        from chancery.kernel.access.hats.queries import count_work_with
        from chancery.kernel.procedures import terms
        from chancery.kernel.procedures.definitions.queries import procedure_words
        from chancery.kernel.procedures.filing import queries as filing
        from chancery.kernel.procedures.filing import services as filing_services
        from chancery.kernel.procedures.finding.queries import SOURCE
        from chancery.kernel.procedures.inbox import queries as inbox
        from chancery.kernel.procedures.matters.terms import MatterState
        from chancery.kernel.procedures.notices.services import carry_findings, carry_saved_searches
        from chancery.kernel.records.archive.terms import Source, register_source
        from chancery.kernel.records.fixity.terms import on_findings
        from chancery.kernel.records.terms import register_search_kind, register_search_source, tell_with

        tell_with(carry_saved_searches)
        on_findings(carry_findings)
        states = {state.value: state.label for state in MatterState}
        register_search_kind("matter", terms.SEARCH_KIND, "procedures:matter", states)
        register_search_source(SOURCE)
        register_source(
            Source(
                filing.KIND,
                "Matter",
                "事项",
                hindrances=filing.hindrances_of_subject,
                purge=filing_services.purge,
                url=filing.url_of,
            )
        )
        count_work_with(inbox.waiting)
        name_scopes_with(procedure_words)
        terms.put_up_card()
        register_acts(terms.ACTS)
        terms.register_checks()
        frame.place("inbox", "procedures:inbox")
        frame.count("inbox", inbox.waiting)
        frame.fill("notices", "procedures/bell.html", inbox.bell)
