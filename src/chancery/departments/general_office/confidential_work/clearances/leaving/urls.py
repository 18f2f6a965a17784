"""Addresses of leavers."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.confidential_work.clearances.leaving import views

urlpatterns = [
    path("", views.leavings, name="clearance_leavings"),
    path("new/", views.new, name="clearance_leaving_new"),
    path("<int:leaving_id>/", views.leaving, name="clearance_leaving"),
]
