"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.archives.planning import views

urlpatterns = [path("<int:plan_id>/submit/", views.submit, name="fileplan_submit")]
