"""Django's handle on this app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may do what: accounts, hats, roles, absence, tokens."""

    name = "chancery.kernel.access"
    label = "access"

    def ready(self) -> None:
        """Put the card up, and answer what the storeys below ask."""
        from chancery.foundations import card, duties
        from chancery.foundations.journal.terms import register_acts
        from chancery.foundations.web import frame
        from chancery.kernel.access import terms
        from chancery.kernel.access.department import CARD
        from chancery.kernel.access.hats.queries import roles_of
        from chancery.kernel.access.hats.views import hat_menu
        from chancery.kernel.access.picking.queries import register_sources
        from chancery.kernel.access.roles.rules import holds_role
        from chancery.kernel.directory import rules as directory

        card.register(CARD)
        register_sources()
        register_acts(terms.ACTS)
        duties.answer_with(holds_role)
        directory.register_editor_check(lambda by, unit_id: holds_role(by, terms.DIRECTORY_EDITOR, unit_id))
        frame.roles(roles_of)
        frame.fill("hat", "access/hat_menu.html", hat_menu)
        frame.fill("account", "access/account_menu.html")
        frame.place("account", "access:account")
        frame.place("sign_out", "account_logout")
