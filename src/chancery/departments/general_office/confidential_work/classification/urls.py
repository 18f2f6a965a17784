"""Addresses of levels."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.confidential_work.classification import views
from chancery.departments.general_office.confidential_work.review import views as review

urlpatterns = [
    path("", views.classifications, name="classifications"),
    path("propose/", views.propose, name="classification_propose"),
    path("expiry/", review.expiry, name="classification_expiry"),
    path("<int:classification_id>/", views.classification, name="classification"),
    path("<int:classification_id>/withdraw/", views.withdraw, name="classification_withdraw"),
    path("<int:classification_id>/notice.pdf", views.notice, name="classification_notice"),
]
