"""Django's handle on this app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may do what: accounts, hats, roles, absence, tokens."""

    name = "chancery.kernel.access"
    label = "access"
