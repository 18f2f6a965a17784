"""No request that carries a state-secret marking changes anything, whatever the view behind it does.

It stands inside ActorMiddleware, so its transaction is ours to have rolled back. What was sent (form, JSON, names of
files) is read once; what is in files is read by the form fields and by `store_file`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse

from chancery.foundations import clock
from chancery.foundations.web import errors
from chancery.foundations.web.door import actor_of, undo
from chancery.kernel.records.markings import forms, rules, services

READING = {"GET", "HEAD", "OPTIONS", "TRACE"}
API = "/api/"
# What the house puts into its own forms, and what never reaches a row as it was typed.
PASSED = {"csrfmiddlewaretoken", "act_token"}


class MarkingMiddleware:
    """Refuses marked requests: at the field where a form says so, otherwise with a page (422) that says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a marked request leaves nothing behind but its trace."""
        if request.method in READING:
            return self.get_response(request)
        where = _where(request)
        by = actor_of(request)
        token = forms.refused.set([])
        try:
            found = next(_marked(request), None)
            if found is None:
                return self._answered(request, self.get_response(request))
            field, level = found
            services.trace_refusal(level=level, where=where, field=field, by=by, at=clock.now())
            with forms.traced_already():
                return self._refused(request, field, self.get_response(request))
        finally:
            forms.refused.reset(token)

    def _answered(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """What only a form could see, the content of a file, is rolled back and traced too."""
        if told := forms.refused.get():
            undo(request)
            by = actor_of(request)
            services.trace_refusal(level=told[0][1], where=_where(request), field="file", by=by, at=clock.now())
        return response

    def _refused(self, request: HttpRequest, field: str, response: HttpResponse) -> HttpResponse:
        undo(request)
        if response.status_code >= 400 or (response.status_code == 200 and forms.refused.get()):
            return response
        list(messages.get_messages(request))  # "kept" would be untrue
        if request.path.startswith(API):
            said = {"detail": str(rules.SENTENCE), "field": field, "basis": rules.BASIS}
            return JsonResponse(said, status=422)
        refusal = rules.SecretMarking(rules.SENTENCE, field=field, basis=rules.BASIS)
        return errors.refused(request, refusal)


def _where(request: HttpRequest) -> str:
    """The address, unless it says the marking itself."""
    return "address" if rules.marking_in(request.path) else request.path[:120]


def _marked(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """(field, level) of what is marked in a request."""
    for name, value in _sent(request):
        if name not in PASSED and (level := rules.marking_in(name) or rules.level_in(value)):
            yield name[:80] if rules.marking_in(name) is None else "", level


def _sent(request: HttpRequest) -> Iterator[tuple[str, Any]]:
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        if request.path.startswith(API):
            request.body  # noqa: B018 - kept, for the service reads it again whatever it is called
        for name, values in request.POST.lists():
            yield name, values
        for name, uploads in request.FILES.lists():
            yield name, [upload.name for upload in uploads]
        return
    body = request.body
    if not body:
        return
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        yield "", body
        return
    if isinstance(told, dict):
        yield from told.items()
    else:
        yield "", told
