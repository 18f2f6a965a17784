"""Addresses of the register."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from chancery.departments.general_office.outgoing_documents.register_book import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.outgoing, name="outgoing"),
    path("figures/", views.figures, name="outgoing_figures"),
    path("numbers/<slug:code>/<int:year>/", views.numbers, name="outgoing_numbers"),
    path("<int:document_id>/chain/", views.chain, name="outgoing_chain"),
    path("<int:document_id>/slip.pdf", views.slip, name="outgoing_slip"),
]
