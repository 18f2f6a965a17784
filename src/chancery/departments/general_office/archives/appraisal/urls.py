"""Addresses of appraisal, under archives/."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.archives.appraisal import views
from chancery.departments.general_office.archives.appraisal.execution import views as execution

urlpatterns = [
    path("appraisal/", views.lists, name="appraisals"),
    path("appraisal/run-out/", views.expired, name="appraisal_expired"),
    path("appraisal/new/", views.draw_up, name="appraisal_new"),
    path("appraisal/<int:list_id>/", views.appraisal, name="appraisal"),
    path("appraisal/<int:list_id>/verdict/", views.verdict, name="appraisal_verdict"),
    path("appraisal/<int:list_id>/sheet.xlsx", views.sheet_out, name="appraisal_sheet_out"),
    path("appraisal/<int:list_id>/sheets/new/", views.sheet_in, name="appraisal_sheet_in"),
    path("appraisal/<int:list_id>/sheets/<int:sheet_id>/", views.sheet, name="appraisal_sheet"),
    path("appraisal/<int:list_id>/sheets/<int:sheet_id>/marked.xlsx", views.sheet_marked, name="appraisal_marked"),
    path("appraisal/<int:list_id>/periods/", execution.set_periods, name="appraisal_periods"),
    path("appraisal/<int:list_id>/leave-out/", execution.leave_out, name="appraisal_leave_out"),
    path("appraisal/<int:list_id>/withdraw/", execution.withdraw, name="appraisal_withdraw"),
    path("appraisal/<int:list_id>/destruction/", execution.confirm, name="appraisal_destruction"),
    path("certificates/", execution.certificates, name="certificates"),
    path("certificates/<int:certificate_id>/", execution.certificate, name="destruction_certificate"),
    path("certificates/<int:certificate_id>/certificate.pdf", execution.certificate_paper, name="destruction_paper"),
    path("items/<int:item_id>/longer-period/", execution.longer_period, name="item_longer_period"),
    path("items/<int:item_id>/shorter-period/", execution.shorter_period, name="item_shorter_period"),
]
