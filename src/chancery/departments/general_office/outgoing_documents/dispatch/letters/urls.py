"""Addresses of letters: public, and known only to whoever has the mail."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from chancery.departments.general_office.outgoing_documents.dispatch.letters import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:token>/", views.letter, name="letter"),
    path("<str:token>/open/", views.open_letter, name="letter_open"),
    path("<str:token>/received/", views.confirm_letter, name="letter_received"),
]
