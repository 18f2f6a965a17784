"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.archives.openings import views
from chancery.departments.general_office.archives.openings.harvesting import views as public

urlpatterns = [
    path("openings/", views.openings, name="openings"),
    path("openings/new/", views.propose, name="opening_propose"),
    path("openings/<int:opening_id>/", views.opening, name="opening"),
    path("openings/items/<int:item_id>/close/", views.close, name="opening_close"),
    path("open/", public.open_archives, name="open_archives"),
    path("open/<int:item_id>/", public.open_archive, name="open_archive"),
    path("open/feed.atom", public.feed, name="open_feed"),
    path("open/oai", public.oai, name="oai"),
]
