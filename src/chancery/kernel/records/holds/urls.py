"""Addresses of holds."""

from __future__ import annotations

from django.urls import path

from chancery.kernel.records.holds import views

urlpatterns = [
    path("", views.holds, name="holds"),
    path("new/", views.place, name="hold_place"),
    path("<int:hold_id>/", views.hold_page, name="hold"),
    path("<int:hold_id>/cover/", views.widen, name="hold_cover"),
    path("<int:hold_id>/review/", views.review, name="hold_review"),
    path("<int:hold_id>/lift/", views.lift, name="hold_lift"),
]
