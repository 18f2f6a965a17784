"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.petitions.keeping import views

urlpatterns = [
    path("", views.to_file, name="petitions_to_file"),
    path("file/", views.file_several, name="petitions_file_away"),
    path("<int:petition_id>/file/", views.file, name="petition_file_away"),
]
