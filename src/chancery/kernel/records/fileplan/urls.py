"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.kernel.records.fileplan import views
from chancery.kernel.records.fileplan.drafting import views as drafting

urlpatterns = [
    path("records/fileplan/", views.fileplans, name="fileplans"),
    path("records/fileplan/new/", drafting.fonds_new, name="fonds_new"),
    path("records/fileplan/<int:fonds_id>/", views.fonds_page, name="fonds"),
    path("records/fileplan/<int:fonds_id>/version/", drafting.version_new, name="fileplan_new"),
    path("records/fileplan/<int:fonds_id>/unit-code/", drafting.unit_code_new, name="unit_code_new"),
    path("records/fileplan/versions/<int:plan_id>/", views.fileplan, name="fileplan"),
    path("records/fileplan/versions/<int:plan_id>/compare/", views.compare, name="fileplan_compare"),
    path("records/fileplan/versions/<int:plan_id>/plan.xlsx", views.export, name="fileplan_export"),
    path("records/fileplan/versions/<int:plan_id>/workbook/", drafting.sheet_in, name="fileplan_import"),
    path("records/fileplan/versions/<int:plan_id>/withdraw/", drafting.withdraw, name="fileplan_withdraw"),
    path("records/fileplan/versions/<int:plan_id>/class/", drafting.class_edit, name="planclass_new"),
    path("records/fileplan/versions/<int:plan_id>/class/<int:class_id>/", drafting.class_edit, name="planclass"),
    path(
        "records/fileplan/versions/<int:plan_id>/class/<int:class_id>/remove/",
        drafting.class_remove,
        name="planclass_remove",
    ),
    path("records/fileplan/versions/<int:plan_id>/period/", drafting.period_edit, name="planperiod_new"),
    path("records/fileplan/versions/<int:plan_id>/period/<int:period_id>/", drafting.period_edit, name="planperiod"),
    path(
        "records/fileplan/versions/<int:plan_id>/period/<int:period_id>/remove/",
        drafting.period_remove,
        name="planperiod_remove",
    ),
]
