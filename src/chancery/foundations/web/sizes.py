"""What is larger than a public door takes is refused by its announced length, before it is parsed or stored.

    @door(anyone, most=queries.most_bytes, oversize=too_large_page)      # a door that takes files says how much

A door that says nothing takes what any form may have (`DATA_UPLOAD_MAX_MEMORY_SIZE`). Of a form that is too large the
beginning alone is read, up to the first file: the fields that stand before it, so that the door's own page
(`oversize`) has what was typed. An unannounced length (chunked) is read as an empty form by the server interface. Who
is signed in is not held here: staff's files are judged one by one when they are stored.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict

from chancery.foundations.web import errors
from chancery.foundations.web.door import Door

READING = {"GET", "HEAD", "OPTIONS", "TRACE"}
API = "/api/"
READ = 512 * 1024  # of an oversize form: more than the longest texts of a petition have


class SizeMiddleware:
    """Stands before everything that reads a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """413 for what is too large; the door's own page where it has one."""
        length = announced(request)
        if request.method in READING or length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return self.get_response(request)
        door = _door(request)
        is_public = door is not None and door.audience == "public"
        if not is_public and _is_known(request):
            return self.get_response(request)
        most = door.most() if is_public and door and door.most else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if length <= most:
            return self.get_response(request)
        if door is None or door.oversize is None or request.content_type != "multipart/form-data":
            return errors.too_large(request, most)
        _keep_beginning(request, length)
        return self.get_response(request)


def announced(request: HttpRequest) -> int:
    """The length a request says it has; 0 when it says none."""
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def _door(request: HttpRequest) -> Door | None:
    try:
        return getattr(resolve(request.path_info).func, "door", None)
    except Resolver404:
        return None


def _is_known(request: HttpRequest) -> bool:
    """Signed in, or with a token (one that is not valid is refused before the form is read)."""
    if request.path.startswith(API):
        return "Authorization" in request.headers
    return settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session


class _NoFile(FileUploadHandler):
    """Files are not taken."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Not kept."""

    def file_complete(self, file_size: int) -> None:
        """There is none."""


def _keep_beginning(request: HttpRequest, length: int) -> None:
    """Let the request be what stands in its beginning; the rest is never read."""
    beginning = request.read(min(length, READ))
    told: Any = QueryDict(encoding=request.encoding)
    meta = {**request.META, "CONTENT_LENGTH": len(beginning)}
    with contextlib.suppress(MultiPartParserError, SuspiciousOperation):  # then nothing of it is kept
        told, _none = MultiPartParser(meta, io.BytesIO(beginning), [_NoFile(request)], request.encoding).parse()
    request._post = told  # type: ignore[attr-defined]  # what `request.POST` would have been read into
    request._files = MultiValueDict()  # type: ignore[attr-defined]  # and `request.FILES`
    request.is_oversize = True  # type: ignore[attr-defined]  # the sign between this middleware and the door
