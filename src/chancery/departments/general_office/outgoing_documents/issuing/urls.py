"""Addresses of issuing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from chancery.departments.general_office.outgoing_documents.issuing import views
from chancery.departments.general_office.outgoing_documents.issuing.series import views as series

urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:document_id>/paper/<int:number>.png", views.paper_page, name="outgoing_paper_page"),
    path("series/", series.series_list, name="outgoing_series"),
    path("series/new/", series.new, name="outgoing_series_new"),
    path("series/<slug:code>/", series.detail, name="outgoing_series_detail"),
    path("series/<slug:code>/change/", series.change, name="outgoing_series_change"),
    path("series/<slug:code>/end/", series.end, name="outgoing_series_end"),
]
