"""Django's handle on this app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Files, documents, numbers, search."""

    name = "chancery.kernel.records"
    label = "records"
