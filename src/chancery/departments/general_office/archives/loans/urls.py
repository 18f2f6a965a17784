"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.archives.loans import views

urlpatterns = [
    path("", views.loans, name="loans"),
    path("new/", views.lend, name="loan_new"),
    path("<int:loan_id>/", views.loan_page, name="loan"),
    path("<int:loan_id>/extend/", views.extend, name="loan_extend"),
    path("<int:loan_id>/return/", views.take_back, name="loan_return"),
    path("<int:loan_id>/urge/", views.chase, name="loan_chase"),
]
