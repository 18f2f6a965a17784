"""What a page may ask of the machine it is shown on: nothing, unless its view says so.

response[PERMISSIONS] = permissions("camera")           # this page alone may ask for the camera
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

PERMISSIONS = "Permissions-Policy"
FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)


def permissions(*allowed: str) -> str:
    """The header that keeps every feature from a page and its frames, but for those that it may ask for itself."""
    if unknown := set(allowed).difference(FEATURES):
        raise ValueError(f"no such feature: {', '.join(sorted(unknown))}")
    return ", ".join(f"{feature}={'(self)' if feature in allowed else '()'}" for feature in FEATURES)


class PermissionsMiddleware:
    """Gives every answer the header, where its view gave none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, with the header."""
        response = self.get_response(request)
        response.headers.setdefault(PERMISSIONS, permissions())
        return response
