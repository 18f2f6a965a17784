"""Addresses of the General Office."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "general_office"
urlpatterns: list[URLPattern | URLResolver] = [
    path("incoming/", include("chancery.departments.general_office.incoming_documents.urls")),
    path("outgoing/", include("chancery.departments.general_office.outgoing_documents.urls")),
    path("letters/", include("chancery.departments.general_office.outgoing_documents.dispatch.letters.urls")),
    path("archives/", include("chancery.departments.general_office.archives.urls")),
    path("petitions/", include("chancery.departments.general_office.petitions.urls")),
    path("confidential/", include("chancery.departments.general_office.confidential_work.urls")),
]
