"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.petitions.desk.visits import views

urlpatterns = [
    path("", views.visits, name="petition_visits"),
    path("<int:visit_id>/", views.visit, name="petition_visit"),
    path("<int:visit_id>/begin/", views.begin, name="petition_visit_begin"),
    path("<int:visit_id>/petition/", views.hear, name="petition_visit_hear"),
    path("<int:visit_id>/about/", views.hear_again, name="petition_visit_about"),
    path("<int:visit_id>/end/", views.end, name="petition_visit_end"),
    path("places/", views.places, name="petition_places"),
    path("places/new/", views.name_place, name="petition_place_name"),
    path("places/<int:place_id>/arrive/", views.arrive, name="petition_arrive"),
    path("places/<int:place_id>/call/", views.call, name="petition_call"),
    path("places/<int:place_id>/hours/", views.set_hours, name="petition_place_hours"),
    path("places/<int:place_id>/room/", views.open_room, name="petition_place_room"),
    path("places/<int:place_id>/close/", views.close_place, name="petition_place_close"),
    path("rooms/<int:room_id>/end/", views.end_room, name="petition_room_end"),
    path("waiting/<uuid:ref>/", views.waiting_room, name="petition_waiting"),
]
