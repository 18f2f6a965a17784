"""Addresses, under one petition."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.petitions.handling import views

urlpatterns = [
    path("<int:petition_id>/send-back/", views.send_back, name="petition_send_back"),
    path("<int:petition_id>/more-time/", views.more_time, name="petition_more_time"),
    path("<int:petition_id>/aside/", views.aside, name="petition_aside"),
    path("<int:petition_id>/reassign/", views.reassign, name="petition_reassign"),
    path("<int:petition_id>/take-back/", views.take_back, name="petition_take_back"),
    path("<int:petition_id>/reopen/", views.reopen, name="petition_reopen"),
]
