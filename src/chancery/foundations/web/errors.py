"""Error pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return HttpResponse("400", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return HttpResponse("403", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return HttpResponse("404", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return HttpResponse("500", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token."""
    return HttpResponse("403", status=403)
