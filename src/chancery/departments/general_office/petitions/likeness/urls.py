"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.petitions.likeness import views

urlpatterns = [
    path("<int:petition_id>/merge/", views.merge, name="petition_merge"),
    path("<int:petition_id>/link/", views.link, name="petition_link"),
    path("<int:petition_id>/split/", views.split, name="petition_split"),
    path("<int:petition_id>/repeat/", views.repeat, name="petition_repeat"),
    path("<int:petition_id>/campaign/", views.open_campaign, name="petition_campaign_open"),
    path("<int:petition_id>/take-out/", views.take_out, name="petition_take_out"),
    path("ties/<int:tie_id>/end/", views.unlink, name="petition_unlink"),
    path("campaigns/", views.campaigns, name="petition_campaigns"),
    path("campaigns/<int:campaign_id>/", views.campaign, name="petition_campaign"),
    path("campaigns/<int:campaign_id>/join/", views.join, name="petition_campaign_join"),
]
