"""Addresses of cleared persons."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from chancery.departments.general_office.confidential_work.clearances import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.clearances, name="clearances"),
    path("new/", views.new, name="clearance_new"),
    path("<int:clearance_id>/", views.clearance, name="clearance"),
    path("exits/<int:exit_id>/", views.decide_exit, name="clearance_exit"),
    path("leavers/", include("chancery.departments.general_office.confidential_work.clearances.leaving.urls")),
]
