"""Addresses of destruction lists."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.confidential_work.carriers.destruction import views

urlpatterns = [
    path("destructions/", views.destructions, name="carrier_destructions"),
    path("destructions/new/", views.new, name="carrier_destruction_new"),
    path("destructions/<int:destruction_id>/", views.destruction, name="carrier_destruction"),
    path("destructions/<int:destruction_id>/certificate/", views.certificate, name="carrier_destruction_pdf"),
]
