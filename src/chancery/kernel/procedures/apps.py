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
        from chancery.kernel.procedures.inbox import queries as inbox

        count_work_with(inbox.waiting)
        name_scopes_with(procedure_words)
        terms.put_up_card()
        register_acts(terms.ACTS)
        terms.register_checks()
        frame.place("inbox", "procedures:inbox")
        frame.count("inbox", inbox.waiting)
        frame.fill("notices", "procedures/bell.html", inbox.bell)
