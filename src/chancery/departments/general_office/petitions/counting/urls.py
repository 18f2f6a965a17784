"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.petitions.counting import views

urlpatterns = [
    path("", views.figures, name="petition_figures"),
    path("report/<int:year>/<slug:kind>/", views.report, name="petition_report"),
    path("release/<int:year>/", views.release, name="petition_release"),
    path("released/", views.released, name="petition_releases"),
    path("released/<int:year>/<slug:kind>/", views.released_file, name="petition_release_file"),
    path("released/<int:year>/", views.notice, name="petition_release_notice"),
    path("recommendations/", views.recommendations, name="petition_recommendations"),
    path("recommendations/new/", views.recommend, name="petition_recommend"),
    path("recommendations/<int:recommendation_id>/", views.recommendation, name="petition_recommendation"),
    path("warnings/", views.warnings, name="petition_warnings"),
    path("warnings/<int:warning_id>/", views.warning, name="petition_warning"),
]
