"""Addresses of exchange."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from chancery.departments.general_office.outgoing_documents.exchange import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("packages/", views.take_in, name="exchange_take_in"),
    path("<int:document_id>/package/", views.package, name="outgoing_package"),
]
