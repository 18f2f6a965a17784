"""Addresses."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from chancery.foundations.web import views

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("language/", views.language, name="language"),
    path("views/", views.saved_views, name="views"),
    path("views/<int:view_id>/forget/", views.forget_view, name="forget_view"),
    path("pick/<slug:code>/", views.pick, name="pick"),
    path("healthz", views.healthz, name="healthz"),
]
if settings.DEMO or settings.DEBUG:
    urlpatterns.append(path("styleguide/", views.styleguide_page, name="styleguide"))
