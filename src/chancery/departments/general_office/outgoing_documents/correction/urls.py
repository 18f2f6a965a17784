"""Addresses of correction."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from chancery.departments.general_office.outgoing_documents.correction import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:document_id>/correct/", views.correct, name="outgoing_correct"),
    path("<int:document_id>/withdraw/", views.ask, name="outgoing_withdraw"),
    path("<int:document_id>/withdraw/<int:withdrawal_id>/", views.decide, name="outgoing_withdraw_decide"),
]
