"""Showing and handing out files. A file that may not be seen is not there (404): row security has hidden its row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import condition

from chancery.foundations import clock
from chancery.foundations.content_store import CHUNK, MissingContent
from chancery.foundations.papers import Unacceptable
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.web.door import door
from chancery.kernel.access.readings.terms import How
from chancery.kernel.access.readings.views import was_read
from chancery.kernel.records.files import queries
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.terms import FAMILIES

_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
_WIDTHS = (480, 960, 1440)
#: What leaves here is never run or framed by another page, whatever is in it.
_LOCKED = "default-src 'none'; sandbox; frame-ancestors 'none'"
_LONGEST_SHOWN = 200_000


def _seen(file_id: int) -> StoredFile:
    file = queries.file_of(file_id)
    if file is None:
        raise Http404
    return file


def _etag(request: HttpRequest, file_id: int, **more: object) -> str | None:
    """The answer may be "you have it already": that is a reading too, so it is noted here."""
    file = queries.file_of(file_id)
    if file is None:
        return None
    _was_read(request, file, How.PREVIEW if more else How.DOWNLOAD)
    return f'"{file.sha256}"'


def _was_read(request: HttpRequest, file: StoredFile, how: How) -> None:
    label = file.guard_label  # type: ignore[attr-defined]  # annotated by `file_of`
    was_read(request, guard_id=file.guard_id, label=label, subject=f"records.storedfile:{file.pk}", how=how)


@door(methods=("GET",))
@condition(etag_func=_etag)
def download(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """The file as it was stored; ranges are answered, so that a broken download goes on."""
    file = _seen(file_id)
    try:
        content = queries.open_file(file)
    except MissingContent:
        raise Http404 from None
    wanted = _range_of(request, file)
    response: HttpResponseBase
    if wanted == ():
        content.close()
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{file.size}"
        return response
    start, end = wanted or (0, file.size - 1)
    # FileResponse, not StreamingHttpResponse: the bytes need no database, so no transaction is held while they leave.
    response = FileResponse(_pieces(content, start, end), status=206 if wanted else 200, content_type=file.media_type)
    response["Content-Length"] = str(end - start + 1)
    if wanted:
        response["Content-Range"] = f"bytes {start}-{end}/{file.size}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or "attachment"
    return _guarded(response)


@door(methods=("GET",))
def preview(request: HttpRequest, file_id: int) -> HttpResponse:
    """A file in the browser: page images of PDF and pictures, the words of everything else."""
    file = _seen(file_id)
    _was_read(request, file, How.PREVIEW)
    most = rulebook.number("records.upload.max_pages_preview", on=clock.today())
    pages = queries.shown_pages(file)
    text = StoredFile.objects.values_list("text", flat=True).get(pk=file.pk)
    return render(
        request,
        "records/preview.html",
        {
            "file": file,
            "family": FAMILIES[file.family],
            "pages": range(1, min(pages, int(most)) + 1),
            "pages_hidden": max(0, pages - int(most)),
            "text": text[:_LONGEST_SHOWN],
            "is_cut": len(text) > _LONGEST_SHOWN,
            "show_text": request.GET.get("as") == "text" or not pages,
            "trail": [(reverse("records:search"), _("Search")), ("", file.name)],
        },
    )


@door(methods=("GET",))
@condition(etag_func=_etag)
def page_image(request: HttpRequest, file_id: int, number: int) -> HttpResponse:
    """One page as PNG, drawn on the server: nothing of the file itself runs in the browser."""
    file = _seen(file_id)
    asked = request.GET.get("w", "")
    width = int(asked) if asked.isdecimal() and int(asked) in _WIDTHS else _WIDTHS[1]
    try:
        drawn = queries.page_image(file, number, width=width)
    except (IndexError, MissingContent, Unacceptable):
        raise Http404 from None
    response = HttpResponse(drawn, content_type="image/png")
    _guarded(response)
    return response


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response["Content-Security-Policy"] = _LOCKED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # May be kept, but must be asked about each time: the right to see it can end.
    response["Cache-Control"] = "private, no-cache"
    return response


def _range_of(request: HttpRequest, file: StoredFile) -> tuple[int, int] | tuple[()] | None:
    """The asked range; None for the whole file, () for one that cannot be."""
    found = _RANGE.match(request.headers.get("Range", ""))
    if found is None or found.groups() == ("", ""):
        return None
    if request.headers.get("If-Range", f'"{file.sha256}"') != f'"{file.sha256}"':
        return None
    first, last = found.groups()
    start = int(first) if first else max(0, file.size - int(last))
    end = min(int(last), file.size - 1) if first and last else file.size - 1
    return (start, end) if start <= end else ()


def _pieces(content: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    with content:
        content.seek(start)
        left = end - start + 1
        while left > 0 and (piece := content.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
