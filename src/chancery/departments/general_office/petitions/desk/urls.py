"""Addresses."""

from __future__ import annotations

from django.urls import include, path

from chancery.departments.general_office.petitions.desk import views

urlpatterns = [
    path("", views.desk, name="petition_desk"),
    path("take-in/<slug:channel>/", views.take_in, name="petition_take_in"),
    path("<int:petition_id>/receipt/", views.give, name="petition_give_receipt"),
    path("visits/", include("chancery.departments.general_office.petitions.desk.visits.urls")),
]
