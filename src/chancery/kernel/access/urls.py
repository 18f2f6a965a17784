"""Addresses of access; those of signing in are in `entrance.urls`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from chancery.kernel.access.absence import views as absence
from chancery.kernel.access.accounts import views as accounts
from chancery.kernel.access.entrance import views as entrance
from chancery.kernel.access.hats import views as hats
from chancery.kernel.access.recusal import views as recusal
from chancery.kernel.access.roles import views as roles
from chancery.kernel.access.tokens import views as tokens

app_name = "access"
urlpatterns: list[URLPattern | URLResolver] = [
    path("enter/", entrance.enter_as, name="enter_as"),
    path("invitation/<str:secret>/", accounts.accept, name="accept"),
    path("account/", hats.account, name="account"),
    path("account/post/", hats.hats, name="hats"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("account/recusals/", recusal.recusals, name="recusals"),
    path("account/recusals/declare/", recusal.declare, name="recuse"),
    path("account/recusals/<int:recusal_id>/lift/", recusal.lift, name="lift_recusal"),
    path("absences/", absence.absences, name="absences"),
    path("absences/declare/", absence.declare, name="declare_absence"),
    path("absences/<int:absence_id>/end/", absence.end, name="end_absence"),
    path("roles/", roles.roles, name="roles"),
    path("roles/grant/", roles.grant, name="grant_role"),
    path("roles/who/", roles.who, name="who"),
    path("roles/<int:grant_id>/end/", roles.end, name="end_role"),
    path("manage/accounts/", accounts.accounts, name="accounts"),
    path("manage/accounts/invite/", accounts.invite, name="invite"),
    path("manage/accounts/<int:account_id>/", accounts.account_page, name="account_page"),
    path("manage/invitations/<int:invitation_id>/withdraw/", accounts.withdraw, name="withdraw"),
]
