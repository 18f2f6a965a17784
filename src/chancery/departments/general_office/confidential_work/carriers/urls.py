"""Addresses of the register of carriers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from chancery.departments.general_office.confidential_work.carriers import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.carriers, name="carriers"),
    path("expiry/", views.expiry, name="carrier_expiry"),
    path("new/", views.new, name="carrier_new"),
    path("copying/<int:request_id>/", views.copying, name="carrier_copying"),
    path("<int:carrier_id>/", views.carrier, name="carrier"),
    path("<int:carrier_id>/labels/", views.labels, name="carrier_labels"),
    path("", include("chancery.departments.general_office.confidential_work.carriers.receipts.urls")),
    path("", include("chancery.departments.general_office.confidential_work.carriers.destruction.urls")),
    path("", include("chancery.departments.general_office.confidential_work.carriers.counts.urls")),
]
