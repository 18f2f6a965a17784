"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.kernel.calendar import views

app_name = "calendar"
urlpatterns = [
    path("", views.year_page, name="this_year"),
    path("<int:year>/", views.year_page, name="year"),
    path("<int:year>.ics", views.ics, name="ics"),
    path("day/<str:day>/", views.day_page, name="day"),
    path("announce/", views.announce_page, name="announce"),
    path("deadline/", views.deadline_page, name="deadline"),
]
