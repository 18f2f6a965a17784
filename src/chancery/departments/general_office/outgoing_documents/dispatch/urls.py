"""Addresses of dispatch. The public page of a letter lies outside, see the department's urls."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from chancery.departments.general_office.outgoing_documents.dispatch import views
from chancery.departments.general_office.outgoing_documents.dispatch.chasing import views as chasing
from chancery.departments.general_office.outgoing_documents.dispatch.letters import views as letters

urlpatterns: list[URLPattern | URLResolver] = [
    path("chase/", chasing.chase, name="outgoing_chase"),
    path("chase/urge/", chasing.urge, name="outgoing_urge"),
    path("<int:document_id>/also/", views.also, name="outgoing_also"),
    path("copies/<int:delivery_id>/again/", views.again, name="outgoing_again"),
    path("copies/<int:delivery_id>/left/", views.left, name="outgoing_left"),
    path("copies/<int:delivery_id>/bundle.zip", views.bundle, name="outgoing_bundle"),
    path("copies/<int:delivery_id>/receipt/", chasing.receipt, name="outgoing_receipt"),
    path("copies/<int:delivery_id>/explain/", chasing.explain, name="outgoing_explain"),
    path("copies/<int:delivery_id>/recall/", chasing.recall, name="outgoing_recall"),
    path("copies/<int:delivery_id>/code/", letters.code, name="outgoing_code"),
]
