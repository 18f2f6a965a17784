"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.foundations.rulebook import views

app_name = "rulebook"
urlpatterns = [
    path("", views.provisions, name="provisions"),
    path("<slug:profile>/", views.provisions, name="profile"),
    path("<slug:profile>/<str:key>/", views.history, name="history"),
    path("<slug:profile>/<str:key>/amend/", views.amend, name="amend"),
    path("<slug:profile>/<str:key>/end/", views.end, name="end"),
]
