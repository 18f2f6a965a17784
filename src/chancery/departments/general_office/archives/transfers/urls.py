"""Addresses of transfers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from chancery.departments.general_office.archives.transfers import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.transfers, name="transfers"),
    path("due/", views.due, name="transfers_due"),
    path("new/", views.draw_up, name="transfer_new"),
    path("packages/", views.taken, name="packages_taken"),
    path("packages/take-in/", views.take_in, name="packages_take_in"),
    path("<int:list_id>/", views.transfer, name="transfer"),
    path("<int:list_id>/submit/", views.submit, name="transfer_submit"),
    path("<int:list_id>/approve/", views.approve, name="transfer_approve"),
    path("<int:list_id>/send-back/", views.send_back, name="transfer_send_back"),
    path("<int:list_id>/withdraw/", views.withdraw, name="transfer_withdraw"),
    path("<int:list_id>/take-off/<int:row_id>/", views.take_off, name="transfer_take_off"),
    path("<int:list_id>/package/", views.package, name="transfer_package"),
    path("<int:list_id>/receipt/", views.receipt, name="transfer_receipt"),
    path("<int:list_id>/release/", views.release, name="transfer_release"),
]
