"""Addresses."""

from __future__ import annotations

from django.urls import include, path

from chancery.kernel.records.fileplan.urls import urlpatterns as fileplan
from chancery.kernel.records.files import views as files
from chancery.kernel.records.fixity import views as fixity
from chancery.kernel.records.numbers import views as numbers
from chancery.kernel.records.papertypes import views as papertypes
from chancery.kernel.records.seals import views as seals
from chancery.kernel.records.search import views as search
from chancery.kernel.records.search.following import views as found
from chancery.kernel.records.search.saved import views as saved

app_name = "records"
urlpatterns = [
    path("search/", search.search_page, name="search"),
    path("search/saved/", saved.saved_searches, name="saved_searches"),
    path("search/saved/new/", saved.save_search, name="save_search"),
    path("search/saved/<int:saved_id>/", saved.saved_search, name="saved_search"),
    path("search/saved/<int:saved_id>/seen/", saved.seen, name="saved_search_seen"),
    path("search/saved/<int:saved_id>/stop/", saved.stop, name="saved_search_stop"),
    path("search/saved/<int:saved_id>/drop/", saved.drop, name="saved_search_drop"),
    path("search/units/<int:key>/", found.unit, name="found_unit"),
    path("search/people/<int:key>/", found.person, name="found_person"),
    path("search/provisions/<int:key>/", found.provision, name="found_provision"),
    path("search/paper-types/<int:key>/", found.paper_type, name="found_paper_type"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("records/files/<int:file_id>/", files.download, name="file"),
    path("records/files/<int:file_id>/preview/", files.preview, name="preview"),
    path("records/files/<int:file_id>/pages/<int:number>.png", files.page_image, name="page_image"),
    path("records/archive/", include("chancery.kernel.records.archive.urls")),
    path("records/holds/", include("chancery.kernel.records.holds.urls")),
    path("records/numbers/", numbers.series_page, name="numbers"),
    path("records/numbers/<str:series>/<int:year>/", numbers.numbers_page, name="numbers_of"),
    path("records/numbers/<int:number_id>/", numbers.number_page, name="number"),
    path("records/fixity/", fixity.runs, name="fixity"),
    path("records/fixity/start/", fixity.start, name="fixity_start"),
    path("records/fixity/findings/", fixity.findings, name="fixity_findings"),
    path("records/fixity/<int:run_id>/progress/", fixity.progress, name="fixity_progress"),
    path("records/fixity/<int:run_id>/", fixity.run_page, name="fixity_run"),
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
    *fileplan,
]
