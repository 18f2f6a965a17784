"""Django's handle on this app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A living federation, built by calling services."""

    name = "chancery.demo"
    label = "demo"
