"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.kernel.records.files import views as files
from chancery.kernel.records.numbers import views as numbers
from chancery.kernel.records.search import views as search

app_name = "records"
urlpatterns = [
    path("search/", search.search_page, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("records/files/<int:file_id>/", files.download, name="file"),
    path("records/files/<int:file_id>/preview/", files.preview, name="preview"),
    path("records/files/<int:file_id>/pages/<int:number>.png", files.page_image, name="page_image"),
    path("records/numbers/", numbers.series_page, name="numbers"),
    path("records/numbers/<str:series>/<int:year>/", numbers.numbers_page, name="numbers_of"),
    path("records/numbers/<int:number_id>/", numbers.number_page, name="number"),
]
