"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from chancery.departments.general_office.confidential_work import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.confidential, name="confidential"),
    path("carriers/", include("chancery.departments.general_office.confidential_work.carriers.urls")),
    path("clearances/", include("chancery.departments.general_office.confidential_work.clearances.urls")),
    path("breaches/", include("chancery.departments.general_office.confidential_work.breaches.urls")),
    path("levels/", include("chancery.departments.general_office.confidential_work.classification.urls")),
    path("reviews/", include("chancery.departments.general_office.confidential_work.review.urls")),
    path("sight/", include("chancery.departments.general_office.confidential_work.sight.urls")),
]
