"""Django's handle on this app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base pages, components, doors."""

    name = "chancery.foundations.web"
    label = "web"
