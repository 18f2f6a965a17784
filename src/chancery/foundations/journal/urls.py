"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.foundations.journal import views

app_name = "journal"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("entries/<int:entry_id>/", views.entry, name="entry"),
    path("seals/", views.seals, name="seals"),
    path("seals/check/", views.check, name="check"),
    path("seals/verify/", views.verify_now, name="verify"),
]
