"""Django's handle on this app."""

from django.apps import AppConfig

from chancery.foundations.card import Card, MenuItem, register


class RulebookConfig(AppConfig):
    """Dated provisions with their legal basis."""

    name = "chancery.foundations.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        """Put the card on the board, teach the journal the words."""
        from chancery.foundations.journal.terms import register_acts
        from chancery.foundations.rulebook.terms import ACTS

        register_acts(ACTS)
        register(
            Card(
                label="rulebook",
                place=80,
                name_en="Rules and record",
                name_zh="规则与日志",
                menu=(
                    MenuItem("rulebook:provisions", "Rulebook", "规则库", icon="scale"),
                    MenuItem("journal:entries", "Journal", "日志", icon="notebook", roles=("auditor",)),
                    MenuItem("journal:seals", "Daily seals", "每日封存", icon="lock-check", roles=("auditor",)),
                ),
            )
        )
