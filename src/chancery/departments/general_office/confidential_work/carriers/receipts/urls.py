"""Addresses of receipts."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.confidential_work.carriers.receipts import views

urlpatterns = [
    path("receipts/", views.receipts, name="carrier_receipts"),
    path("receipts/<int:receipt_id>/", views.receipt, name="carrier_receipt"),
    path("receipts/<int:receipt_id>/pdf/", views.receipt_pdf, name="carrier_receipt_pdf"),
    path("<int:carrier_id>/hand-over/", views.hand_over, name="carrier_hand_over"),
]
