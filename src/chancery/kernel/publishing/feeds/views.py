"""The Atom feed of public notices."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.translation import gettext as _

from chancery.foundations.web.door import anyone, door
from chancery.foundations.words import words
from chancery.kernel.publishing.notices import queries

MOST = 30


@door(anyone, methods=("GET",), rate="60/m")
def notices(request: HttpRequest, language: str) -> HttpResponse:
    """The newest notices in one language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    here = settings.SITE_URL.rstrip("/")
    with translation.override(language):
        feed = Atom1Feed(
            title=_("Public notices"),
            link=here + reverse("publishing:public_notices"),
            description="",
            language=language,
            feed_url=here + reverse("publishing:notices_feed", args=[language]),
        )
        for notice in queries.published()[:MOST]:
            address = here + reverse("publishing:public_notice", args=[notice.pk])
            feed.add_item(
                title=words(notice, "title"),
                link=address,
                unique_id=address,
                description="\n\n".join(words(item, "text") for item in queries.text_of(notice.pk)),
                author_name=words(notice.unit),
                pubdate=notice.published_at,
                updateddate=notice.published_at,
                enclosures=[
                    Enclosure(
                        here + reverse("publishing:public_file", args=[notice.pk, file.pk]),
                        str(file.size),
                        file.media_type,
                    )
                    for file in queries.files_of(notice.pk)
                ],
            )
        body = feed.writeString("utf-8")
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response
