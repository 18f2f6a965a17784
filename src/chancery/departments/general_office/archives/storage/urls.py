"""Addresses of storage."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.archives.storage import views
from chancery.departments.general_office.archives.storage.stocktaking import views as stocktaking

urlpatterns = [
    path("", views.storage, name="storage"),
    path("new/", views.place_new, name="storage_room_new"),
    path("unplaced/", views.unplaced, name="storage_unplaced"),
    path("boxes/<int:box_id>/", views.box, name="storage_box"),
    path("stocktakes/", stocktaking.stocktakes, name="stocktakes"),
    path("stocktakes/<int:stocktake_id>/", stocktaking.detail, name="stocktake"),
    path("stocktakes/<int:stocktake_id>/count/", stocktaking.count, name="stocktake_count"),
    path("stocktakes/<int:stocktake_id>/lists.<slug:kind>", stocktaking.export, name="stocktake_export"),
    path("places/<slug:code>/", views.place, name="storage_place"),
    path("places/<slug:code>/new/", views.place_new, name="storage_place_new"),
    path("places/<slug:code>/change/", views.place_change, name="storage_place_change"),
    path("places/<slug:code>/close/", views.place_close, name="storage_place_close"),
    path("places/<slug:code>/labels.pdf", views.place_labels, name="storage_labels"),
    path("places/<slug:code>/count/", stocktaking.begin, name="stocktake_begin"),
]
