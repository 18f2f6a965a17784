"""Addresses. Every app has a `urls.py`; public pages first."""

from __future__ import annotations

from django.urls import include, path

from chancery.config import api

urlpatterns = [
    path("", include("chancery.foundations.web.urls")),
    path("", include("chancery.kernel.directory.urls")),
    path("", include("chancery.kernel.access.urls")),
    path("accounts/", include("chancery.kernel.access.entrance.urls")),
    path("rulebook/", include("chancery.foundations.rulebook.urls")),
    path("journal/", include("chancery.foundations.journal.urls")),
    path("calendar/", include("chancery.kernel.calendar.urls")),
    path("", include("chancery.kernel.records.urls")),
    path("", include("chancery.kernel.procedures.urls")),
    path("", include("chancery.kernel.publishing.urls")),
    path("api/", api.urls),
    path("petitions/", include("chancery.departments.general_office.petitions.door.urls")),
    path("general-office/", include("chancery.departments.general_office.urls")),
]

handler400 = "chancery.foundations.web.errors.bad_request"
handler403 = "chancery.foundations.web.errors.forbidden"
handler404 = "chancery.foundations.web.errors.not_found"
handler500 = "chancery.foundations.web.errors.server_error"
