"""Django's handle on this app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Who is who: units, posts, people, holdings, contacts (function 65)."""

    name = "chancery.kernel.directory"
    label = "directory"
