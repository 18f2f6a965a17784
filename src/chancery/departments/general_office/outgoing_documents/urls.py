"""Addresses of outgoing documents."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from chancery.departments.general_office.outgoing_documents import views
from chancery.departments.general_office.outgoing_documents.address_book import views as address_book
from chancery.departments.general_office.outgoing_documents.annexes import views as annexes
from chancery.departments.general_office.outgoing_documents.comments import views as comments
from chancery.departments.general_office.outgoing_documents.comparing import views as comparing
from chancery.departments.general_office.outgoing_documents.drafting import views as drafting
from chancery.departments.general_office.outgoing_documents.drafting.beginnings import views as beginnings
from chancery.departments.general_office.outgoing_documents.drafting.editing import views as editing
from chancery.departments.general_office.outgoing_documents.drafting.interchange import views as interchange
from chancery.departments.general_office.outgoing_documents.drafting.preview import views as preview

FUNCTION = "chancery.departments.general_office.outgoing_documents"

urlpatterns: list[URLPattern | URLResolver] = [
    *(
        path("", include(f"{FUNCTION}.{part}.urls"))
        for part in ("issuing", "register_book", "dispatch", "correction", "exchange")
    ),
    path("drafts/", views.drafts, name="outgoing_drafts"),
    path("new/", drafting.new, name="outgoing_new"),
    path("templates/", beginnings.templates, name="outgoing_templates"),
    path("templates/new/", beginnings.keep, name="outgoing_template_new"),
    path("templates/<int:template_id>/", beginnings.keep, name="outgoing_template"),
    path("templates/<int:template_id>/end/", beginnings.end, name="outgoing_template_end"),
    path("groups/", address_book.groups, name="outgoing_groups"),
    path("groups/new/", address_book.keep, name="outgoing_group_new"),
    path("groups/<int:group_id>/", address_book.keep, name="outgoing_group"),
    path("groups/<int:group_id>/end/", address_book.end, name="outgoing_group_end"),
    path("<int:document_id>/", views.outgoing_document, name="outgoing_document"),
    path("<int:document_id>/edit/", drafting.edit, name="outgoing_edit"),
    path("<int:document_id>/submit/", drafting.submit, name="outgoing_submit"),
    path("<int:document_id>/discard/", drafting.discard, name="outgoing_discard"),
    path("<int:document_id>/copy/", drafting.copy, name="outgoing_copy"),
    path("<int:document_id>/along/", drafting.along, name="outgoing_along"),
    path("<int:document_id>/preview/", preview.preview, name="outgoing_preview"),
    path("<int:document_id>/preview.pdf", preview.preview_pdf, name="outgoing_preview_pdf"),
    path("<int:document_id>/editor/", editing.beat, name="outgoing_beat"),
    path("<int:document_id>/editor/take-over/", editing.take_over, name="outgoing_take_over"),
    path("<int:document_id>/editor/let-go/", editing.let_go, name="outgoing_let_go"),
    path("<int:document_id>/unsaved/", editing.autosave, name="outgoing_autosave"),
    path("<int:document_id>/unsaved/drop/", editing.drop_unsaved, name="outgoing_drop_unsaved"),
    path("<int:document_id>/versions/", editing.versions, name="outgoing_versions"),
    path("<int:document_id>/versions/<int:number>/", editing.version, name="outgoing_version"),
    path("<int:document_id>/versions/<int:number>/restore/", editing.restore, name="outgoing_restore"),
    path("<int:document_id>/compare/", comparing.compare, name="outgoing_compare"),
    path("<int:document_id>/import/", interchange.import_docx, name="outgoing_import"),
    path("<int:document_id>/export.<slug:kind>", interchange.export, name="outgoing_export"),
    path("<int:document_id>/annexes/", annexes.add, name="outgoing_annex_add"),
    path("<int:document_id>/annexes/<int:annex_id>/remove/", annexes.remove, name="outgoing_annex_remove"),
    path("<int:document_id>/annexes/<int:annex_id>/move/", annexes.move, name="outgoing_annex_move"),
    path("<int:document_id>/comments/", comments.make, name="outgoing_comment"),
    path("<int:document_id>/comments/<int:comment_id>/answer/", comments.answer, name="outgoing_comment_answer"),
    path("<int:document_id>/comments/<int:comment_id>/resolve/", comments.resolve, name="outgoing_comment_resolve"),
]
