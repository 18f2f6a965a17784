"""Django's handle on this app."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Working days and deadlines."""

    name = "chancery.kernel.calendar"
    label = "calendar"
