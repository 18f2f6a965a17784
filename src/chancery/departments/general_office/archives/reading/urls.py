"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.archives.reading import views

urlpatterns = [
    path("", views.readings, name="readings_asked"),
    path("items/<int:item_id>/", views.ask, name="reading_ask"),
    path("<int:request_id>/", views.reading, name="reading"),
    path("<int:request_id>/parts/<int:part_id>/<int:number>.png", views.page, name="reading_page"),
    path("<int:request_id>/parts/<int:part_id>/copy/", views.copy, name="reading_copy"),
]
