"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "general_office"
urlpatterns: list[URLPattern | URLResolver] = []
