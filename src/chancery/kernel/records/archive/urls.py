"""Addresses of the archive, within those of the record."""

from __future__ import annotations

from django.urls import path

from chancery.kernel.records.archive import views
from chancery.kernel.records.archive.boxes import views as boxes
from chancery.kernel.records.archive.printing import views as printing

urlpatterns = [
    path("", views.catalogue, name="archive"),
    path("list.pdf", printing.list_pdf, name="archive_list_pdf"),
    path("labels.pdf", printing.labels, name="archive_labels"),
    path("boxes/", boxes.boxes, name="archive_boxes"),
    path("boxes/fill/", boxes.box_up, name="archive_box_up"),
    path("boxes/<int:box_id>/", boxes.box_page, name="archive_box"),
    path("boxes/<int:box_id>/close/", boxes.close, name="archive_box_close"),
    path("boxes/<int:box_id>/<slug:what>.pdf", printing.box_pdf, name="archive_box_pdf"),
    path("<int:item_id>/", views.item_page, name="archival_item"),
    path("<int:item_id>/correct/", views.correct, name="archival_item_correct"),
    path("<int:item_id>/label.pdf", printing.item_label, name="archival_item_label"),
    path("<int:item_id>/stamped/<int:file_id>.pdf", printing.stamp, name="archival_item_stamp"),
]
