"""Addresses of breaches."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.confidential_work.breaches import views

urlpatterns = [
    path("", views.breaches, name="breaches"),
    path("new/", views.new, name="breach_new"),
    path("<int:breach_id>/", views.breach, name="breach"),
]
