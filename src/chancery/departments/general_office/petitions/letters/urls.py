"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.petitions.letters import views

urlpatterns = [
    path("", views.letters, name="petition_letters"),
    path("due/", views.due, name="petition_letters_due"),
    path("<int:petition_id>/begin/<slug:kind>/", views.begin, name="petition_letter_begin"),
    path("<int:letter_id>/cover/", views.cover, name="petition_letter_cover"),
]
