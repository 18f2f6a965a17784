"""Addresses of handing over."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.archives.handover import views

urlpatterns = [
    path("due/", views.duties, name="handover_duties"),
    path("due/unfiled/", views.unfiled, name="handover_unfiled"),
    path("lists/", views.lists, name="handover_lists"),
    path("lists/new/", views.new, name="handover_new"),
    path("lists/begin/", views.begin, name="handover_begin"),
    path("lists/<int:list_id>/", views.detail, name="handover_list"),
    path("lists/<int:list_id>/add/", views.add, name="handover_add"),
    path("lists/<int:list_id>/drop/", views.drop, name="handover_drop"),
    path("lists/<int:list_id>/list.pdf", views.list_pdf, name="handover_pdf"),
    path("lists/<int:list_id>/receipt.pdf", views.receipt_pdf, name="handover_receipt"),
    path("lists/<int:list_id>/checks/<int:row_id>/", views.report, name="handover_report"),
]
