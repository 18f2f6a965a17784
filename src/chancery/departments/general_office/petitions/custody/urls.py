"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.petitions.custody import views

urlpatterns = [
    path("openings/", views.openings, name="petition_openings"),
    path("openings/<int:opening_id>/", views.opening, name="petition_opening"),
    path("openings/<int:opening_id>/read/", views.read, name="petition_identity"),
    path("<int:petition_id>/identity/", views.ask, name="petition_ask_identity"),
    path("texts/", views.unreleased, name="petition_unreleased"),
    path("texts/<int:text_id>/release/", views.release, name="petition_text_release"),
    path("texts/<int:text_id>/black-out/", views.black_out, name="petition_black_out"),
    path("files/", views.withheld, name="petition_withheld"),
    path("files/<int:file_id>/", views.download, name="petition_file"),
    path("files/<int:file_id>/clear/", views.clear, name="petition_clear"),
    path("files/<int:file_id>/replace/", views.replace, name="petition_replace"),
]
