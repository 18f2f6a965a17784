"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from chancery.departments.general_office.archives import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.archives, name="archives"),
    path("transfers/", include("chancery.departments.general_office.archives.transfers.urls")),
    path("", include("chancery.departments.general_office.archives.appraisal.urls")),
    path("storage/", include("chancery.departments.general_office.archives.storage.urls")),
    path("handover/", include("chancery.departments.general_office.archives.handover.urls")),
    path("", include("chancery.departments.general_office.archives.openings.urls")),
    path("plans/", include("chancery.departments.general_office.archives.planning.urls")),
    path("readings/", include("chancery.departments.general_office.archives.reading.urls")),
    path("loans/", include("chancery.departments.general_office.archives.loans.urls")),
]
