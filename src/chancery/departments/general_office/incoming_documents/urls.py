"""Addresses of incoming documents."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from chancery.departments.general_office.incoming_documents import views
from chancery.departments.general_office.incoming_documents.inside import views as inside
from chancery.departments.general_office.incoming_documents.intake import views as intake
from chancery.departments.general_office.incoming_documents.interchange import views as interchange
from chancery.departments.general_office.incoming_documents.register_book import views as register_book

urlpatterns: list[URLPattern | URLResolver] = [
    path("", register_book.incoming, name="incoming"),
    path("figures/", register_book.figures, name="incoming_figures"),
    path("import/", interchange.import_list, name="incoming_import"),
    path("new/", intake.new, name="incoming_new"),
    path("limit/", intake.limit, name="incoming_limit"),
    path("<int:document_id>/", views.incoming_document, name="incoming_document"),
    path("<int:document_id>/open/", inside.open_copy, name="incoming_open_copy"),
    path("<int:document_id>/edit/", intake.edit, name="incoming_edit"),
    path("<int:document_id>/discard/", intake.discard, name="incoming_discard"),
    path("<int:document_id>/files/<int:file_id>/remove/", intake.remove_file, name="incoming_remove_file"),
    path("<int:document_id>/slip.pdf", views.slip, name="incoming_slip"),
    path("<int:document_id>/return-letter.pdf", views.letter, name="incoming_letter"),
    path("<int:document_id>/readers/", views.add_reader, name="incoming_add_reader"),
    path("<int:document_id>/metadata.xml", interchange.metadata_xml, name="incoming_metadata_xml"),
    path("<int:document_id>/metadata.json", interchange.metadata_json, name="incoming_metadata_json"),
]
