"""The paper as it stands, a page at a time."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import condition

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.issuing import queries
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import door, staff

WIDTHS = (480, 960, 1440)


def _etag(request: HttpRequest, document_id: int, number: int) -> str | None:
    document = documents.document(document_id)
    if document is None:
        return None
    return f'"{document.pk}-{document.version}-{document.state}-{document.changed_at:%s}-{number}-{_width(request)}"'


def _width(request: HttpRequest) -> int:
    asked = request.GET.get("w", "")
    return int(asked) if asked.isdecimal() and int(asked) in WIDTHS else WIDTHS[1]


@door(staff, methods=("GET",))
@condition(etag_func=_etag)
def paper_page(request: HttpRequest, document_id: int, number: int) -> HttpResponse:
    """A page of the paper as PNG: sealed where it is sealed, else as it would be printed now."""
    document = documents.document(document_id)
    if document is None:
        raise Http404
    try:
        drawn = queries.page_image(document, number, width=_width(request))
    except (IndexError, Refused):
        raise Http404 from None
    response = HttpResponse(drawn, content_type="image/png")
    # May be kept, but must be asked about each time: the right to see it can end.
    response["Cache-Control"] = "private, no-cache"
    return response
