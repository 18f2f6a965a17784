"""Django's handle on this app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A living federation, built by calling services."""

    name = "chancery.demo"
    label = "demo"

    def ready(self) -> None:
        """Tell the side door what each of the cast does."""
        from chancery.foundations.words import words
        from chancery.kernel.access.entrance.queries import describe_with

        def tell(email: str) -> str:
            from chancery.demo.members import CAST

            return next((words(member, "part") for member in CAST if member.email == email), "")

        describe_with(tell)
