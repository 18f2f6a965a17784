"""Addresses of counts."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.confidential_work.carriers.counts import views

urlpatterns = [
    path("counts/", views.counts, name="carrier_counts"),
    path("counts/open/", views.open_count, name="carrier_count_open"),
    path("counts/<int:count_id>/", views.count, name="carrier_count"),
    path("counts/lines/<int:line_id>/", views.count_line, name="carrier_count_line"),
]
