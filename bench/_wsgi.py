"""The site with the benchmark's procedure, and one bare Django list to measure against."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from bench import _matters
from chancery.config.wsgi import application as site

_matters.register()
application = site


def _add_floor() -> None:
    from chancery.config import urls
    from chancery.foundations.web.door import door
    from chancery.kernel.directory.models import Post

    page = Template(
        "<!doctype html><html><body><table>{% for p in rows %}<tr><td>{{ p.code }}</td><td>{{ p.title_en }}</td>"
        "<td>{{ p.title_zh }}</td><td>{{ p.position }}</td></tr>{% endfor %}</table>{{ n }} {{ user }}</body></html>"
    )

    @door()
    def floor(request: HttpRequest) -> HttpResponse:
        rows = Post.objects.order_by("id")[:20]
        return HttpResponse(page.render(Context({"rows": rows, "n": Post.objects.count(), "user": request.user})))

    urls.urlpatterns.append(path("bench-floor/", floor))


_add_floor()
