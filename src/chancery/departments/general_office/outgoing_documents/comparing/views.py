"""Two versions side by side."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents.comparing import queries
from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
from chancery.departments.general_office.outgoing_documents.drafting.views import found
from chancery.foundations.web.door import door, staff


@door(staff, methods=("GET",))
def compare(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """`?from=3&to=5`; by default the last change."""
    document = found(document_id)
    versions = drafting.versions(document.pk)
    if not versions:
        raise Http404
    old, new = (request.GET.get(name, "") for name in ("from", "to"))
    latest = versions[0]["number"]
    before = versions[1]["number"] if len(versions) > 1 else latest
    comparison = queries.between(
        document, int(old) if old.isdecimal() else before, int(new) if new.isdecimal() else latest
    )
    if comparison is None:
        raise Http404
    context = {
        "document": document,
        "versions": versions,
        "comparison": comparison,
        "trail": [
            (reverse("general_office:outgoing_document", args=[document.pk]), document.title or _("Untitled draft")),
            (reverse("general_office:outgoing_versions", args=[document.pk]), _("Versions")),
            (None, _("Compare")),
        ],
    }
    return render(request, "general_office/outgoing_documents/comparing/compare.html", context)
