"""From session or token to Actor; one stamped transaction a request, rendering included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.accounts import rules as accounts
from chancery.kernel.access.hats.queries import Wardrobe
from chancery.kernel.access.tokens import queries as tokens

API = "/api/"
HAT = "hat"  # session: the post one acts in
BEGAN = "began"  # session: when one signed in
SEEN = "seen"  # session: when one was last here, to the nearest few minutes
SEEN_STEP = dt.timedelta(minutes=5)


class ActorMiddleware:
    """Sets `request.actor` (and `request.wardrobe`), and holds one stamped transaction around view and rendering.

    The transaction is rolled back on a 5xx answer, on an exception that left the view, and when a door asked for it
    (`request._rollback`). `request._after_rollback` holds what must be written all the same.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as whoever asks."""
        request.wardrobe = None  # type: ignore[attr-defined]  # the signed-in person's hats, for the menu of hats
        request.second_factor_due = False  # type: ignore[attr-defined]  # signed in, powerless until enrolled
        actor = self._actor(request)
        if actor is None:
            headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            return JsonResponse({"detail": _("The access token is not valid.")}, status=401, headers=headers)
        request.actor = actor  # type: ignore[attr-defined]  # read by every door
        with acting_as(actor):
            with transaction.atomic():
                response = self.get_response(request)
                undone = response.status_code >= 500 or getattr(request, "_rollback", False)
                if undone:
                    transaction.set_rollback(True)
            if undone and (acts := getattr(request, "_after_rollback", None)):
                with transaction.atomic():
                    for act in acts:
                        act()
        made_later: HttpResponseBase = response
        if isinstance(made_later, StreamingHttpResponse) and not isinstance(made_later, FileResponse):
            made_later.streaming_content = _stamped(actor, made_later.streaming_content)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """An exception that leaves the view takes its writes with it, whatever page is shown for it."""
        request._rollback = True  # type: ignore[attr-defined]  # the sign between door and middleware

    def _actor(self, request: HttpRequest) -> Actor | None:
        """Who asks; None for a token that is not valid."""
        if request.path.startswith(API) and (key := tokens.key_in(request.headers.get("Authorization", ""))):
            return tokens.actor_with(key, at=clock.now())
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return PUBLIC
        wardrobe = request.user.wardrobe
        if wardrobe is None:
            return PUBLIC
        if self._is_over(request):
            logout(request)
            return PUBLIC
        request.wardrobe = wardrobe  # type: ignore[attr-defined]  # see __call__
        return self._under_a_hat(request, wardrobe)

    def _is_over(self, request: HttpRequest) -> bool:
        """Whether the session has lasted, or lain idle, too long; notes that it is alive."""
        now = int(clock.now().timestamp())
        began, seen = request.session.get(BEGAN, now), request.session.get(SEEN, now)
        if now - began > settings.SESSION_COOKIE_AGE or now - seen > accounts.IDLE.total_seconds():
            return True
        if now - seen > SEEN_STEP.total_seconds() or SEEN not in request.session:
            request.session[BEGAN], request.session[SEEN] = began, now
        return False

    def _under_a_hat(self, request: HttpRequest, wardrobe: Wardrobe) -> Actor:
        """The hat of the session while it is held; the only hat of who has one; none until who has several chooses."""
        if wardrobe.second_factor_due:
            # Without the second factor that a role demands, one is signed in but holds nothing.
            request.second_factor_due = True  # type: ignore[attr-defined]  # see __call__
            return wardrobe.actor(None)
        post_id = request.session.get(HAT)
        if wardrobe.hat(post_id) is None:
            post_id = wardrobe.hats[0].post_id if len(wardrobe.hats) == 1 else None
        return wardrobe.actor(post_id)


def _stamped(actor: Actor, content: Any) -> Iterator[Any]:
    """A streamed answer is made after the middleware has returned: it gets a stamped transaction of its own."""
    with acting_as(actor), transaction.atomic():
        yield from content
