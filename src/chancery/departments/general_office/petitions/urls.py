"""Addresses."""

from __future__ import annotations

from django.urls import include, path

from chancery.departments.general_office.petitions import views

urlpatterns = [
    path("", views.hub, name="petitions"),
    path("register/", views.register_list, name="petition_list"),
    path("<int:petition_id>/", views.petition, name="petition"),
    path("<int:petition_id>/register/", views.register, name="petition_register"),
    path("<int:petition_id>/correct/", views.correct, name="petition_correct"),
    path("", include("chancery.departments.general_office.petitions.handling.urls")),
    path("desk/", include("chancery.departments.general_office.petitions.desk.urls")),
    path("alike/", include("chancery.departments.general_office.petitions.likeness.urls")),
    path("custody/", include("chancery.departments.general_office.petitions.custody.urls")),
    path("counting/", include("chancery.departments.general_office.petitions.counting.urls")),
    path("keeping/", include("chancery.departments.general_office.petitions.keeping.urls")),
    path("letters/", include("chancery.departments.general_office.petitions.letters.urls")),
]
