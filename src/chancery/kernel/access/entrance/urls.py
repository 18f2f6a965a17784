"""Addresses of signing in, under /accounts/: allauth's views (one of them ours), each behind a door of ours.

No namespace: allauth finds its own views by these names.
"""

from __future__ import annotations

import functools
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions import views as sessions
from django.http import HttpRequest
from django.urls import URLPattern, path, re_path

from chancery.foundations.actor import PUBLIC
from chancery.foundations.postgres import row_security
from chancery.foundations.web.door import anyone, door, signed_in
from chancery.kernel.access.entrance import views as own


def _open(view: Any) -> Any:
    """For people who are not signed in yet."""
    return _behind(door(anyone, rate="300/m")(view))


def _own(view: Any) -> Any:
    """For people who are, about their own account."""
    return _behind(door(signed_in, rate="300/m")(view))


def _behind(guarded: Any) -> Any:
    # After asking for the password once more, allauth calls the view with the request it had put aside: that one never
    # went through the middleware, but runs under the stamp of the one that did.
    @functools.wraps(guarded)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not hasattr(request, "actor"):
            request.actor = row_security.current() or PUBLIC  # type: ignore[attr-defined]  # as ActorMiddleware does
            request.wardrobe = getattr(request.user, "wardrobe", None)  # type: ignore[attr-defined]  # likewise
            request.second_factor_due = False  # type: ignore[attr-defined]  # likewise
        return guarded(request, *args, **kwargs)

    return entered


urlpatterns: list[URLPattern] = [
    path("login/", _open(account.login), name="account_login"),
    path("logout/", _open(account.logout), name="account_logout"),
    path("inactive/", _open(account.account_inactive), name="account_inactive"),
    path("signup/", _open(account.signup), name="account_signup"),  # says that it is closed
    path("reauthenticate/", _own(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", _own(account.password_change), name="account_change_password"),
    path("password/set/", _own(account.password_set), name="account_set_password"),
    path("password/reset/", _open(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", _open(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _open(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        _open(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", _own(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", _open(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", _own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", _own(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", _own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", _own(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", _own(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", _own(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", _own(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", _own(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", _open(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", _own(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", _own(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", _own(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("sessions/", _own(sessions.list_usersessions), name="usersessions_list"),
    path("3rdparty/", _own(social.connections), name="socialaccount_connections"),
    path("3rdparty/signup/", _open(social.signup), name="socialaccount_signup"),  # says that it is closed
    path("3rdparty/login/cancelled/", _open(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", _open(social.login_error), name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", _open(own.to_the_provider), name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", _open(oidc.callback), name="openid_connect_callback"),
]
