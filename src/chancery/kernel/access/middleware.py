"""From session to Actor; one stamped transaction a request."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from chancery.foundations.actor import PUBLIC
from chancery.foundations.postgres.row_security import acting_as


class ActorMiddleware:
    """Sets `request.actor` and holds the transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = PUBLIC  # type: ignore[attr-defined]
        with acting_as(PUBLIC), transaction.atomic():
            return self.get_response(request)
