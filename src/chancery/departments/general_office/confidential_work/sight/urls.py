"""Addresses of sight."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.confidential_work.sight import views

urlpatterns = [
    path("", views.sight, name="sight"),
    path("person/<int:person_id>/", views.sight_person, name="sight_person"),
    path("thing/", views.sight_thing, name="sight_thing"),
    path("readings/", views.readings, name="readings"),
]
