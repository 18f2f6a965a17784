"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.kernel.records.files import views as files
from chancery.kernel.records.numbers import views as numbers
from chancery.kernel.records.papertypes import views as papertypes
from chancery.kernel.records.seals import views as seals
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
    path("records/seals/", seals.seals, name="seals"),
    path("records/seals/new/", seals.register, name="seal_register"),
    path("records/seals/<int:seal_id>/", seals.seal_page, name="seal"),
    path("records/seals/<int:seal_id>/uses/", seals.uses, name="seal_uses"),
    path("records/seals/<int:seal_id>/keeper/", seals.change_keeper, name="seal_keeper"),
    path("records/seals/<int:seal_id>/renew/", seals.renew, name="seal_renew"),
    path("records/seals/<int:seal_id>/retire/", seals.retire, name="seal_retire"),
    path("records/seals/<int:seal_id>/seal-up/", seals.seal_up, name="seal_seal_up"),
    path("records/paper-types/", papertypes.paper_types, name="paper_types"),
    path("records/paper-types/<slug:profile>/", papertypes.paper_types, name="paper_types_of"),
    path("records/paper-types/<slug:profile>/<str:code>/", papertypes.paper_type, name="paper_type"),
    path("records/paper-types/<slug:profile>/<str:code>/amend/", papertypes.amend_type, name="paper_type_amend"),
    path("records/paper-types/<slug:profile>/<str:code>/end/", papertypes.end_type, name="paper_type_end"),
]
