"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.kernel.publishing.verification import views as verification

app_name = "publishing"
urlpatterns = [
    path("verify/", verification.verify, name="verify"),
    path("verify/file/", verification.verify_file, name="verify_file"),
    path("verify/<str:code>/", verification.verify_code, name="verify_code"),
]
