"""Addresses of the public door, at /petitions/."""

from __future__ import annotations

from django.urls import path

from chancery.departments.general_office.petitions.counting.open_figures import views as open_figures
from chancery.departments.general_office.petitions.door import views
from chancery.departments.general_office.petitions.door.following import views as following

app_name = "petition_door"
urlpatterns = [
    path("", views.start, name="start"),
    path("write/<slug:kind>/", views.write, name="write"),
    path("send/", views.send, name="send"),
    path("figures/", open_figures.figures, name="figures"),
    path("figures/<int:year>/<slug:kind>/", open_figures.file, name="figures_file"),
    path("follow/", following.follow, name="follow"),
    path("follow/case/", following.case, name="case"),
    path("follow/case/add/", following.add, name="case_add"),
    path("follow/case/rate/", following.rate, name="case_rate"),
    path("follow/case/review/", following.ask_review, name="case_review"),
    path("follow/case/withdraw/", following.withdraw, name="case_withdraw"),
    path("follow/case/letters/<int:letter_id>/", following.letter, name="letter"),
    path("follow/leave/", following.leave, name="leave"),
]
