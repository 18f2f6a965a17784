"""Django's handle on this app."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """Matters, moved through BPMN procedures."""

    name = "chancery.kernel.procedures"
    label = "procedures"
