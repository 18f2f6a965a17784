"""Addresses of reviews and undefined matters."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.confidential_work.review import views
from chancery.departments.general_office.confidential_work.review.unclear import views as unclear

urlpatterns = [
    path("", views.reviews, name="reviews"),
    path("open/", views.open_reviews, name="reviews_open"),
    path("<int:review_id>/", views.review, name="review"),
    path("<int:review_id>/hand-in/", views.hand_in, name="review_hand_in"),
    path("<int:review_id>/sign/", views.sign, name="review_sign"),
    path("undefined/", unclear.undefined_matters, name="undefined_matters"),
    path("undefined/new/", unclear.undefined_new, name="undefined_new"),
    path("undefined/<int:undefined_id>/", unclear.undefined_matter, name="undefined_matter"),
]
