"""The outbox: what mail was written and sent. Open in the demonstration, and to access administrators."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict
from chancery.foundations.web.door import actor_of, door, staff
from chancery.kernel.access.roles.rules import holds_role
from chancery.kernel.procedures.inbox.views import back_to
from chancery.kernel.procedures.notices import queries, services
from chancery.kernel.procedures.notices.terms import MailState


def may_see_outbox(by: Actor) -> Verdict:
    """In the demonstration any staff; elsewhere access administrators."""
    verdict = staff(by)
    return verdict if not verdict or settings.DEMO else holds_role(by, "access_admin", None)


@door(may_see_outbox, methods=("GET",))
def outbox(request: HttpRequest) -> HttpResponse:
    """The latest mails."""
    mails = queries.outbox(by=actor_of(request))
    for mail in mails:
        mail["state_words"] = MailState(mail["state"]).label
    return render(request, "procedures/outbox.html", {"mails": mails})


@door(methods=("GET",))
def notices(request: HttpRequest) -> HttpResponse:
    """What I am told and have not looked at yet: a page, or the lines alone inside the bell's menu."""
    inside = getattr(request, "htmx", False)
    template = "procedures/notice_lines.html" if inside else "procedures/notices.html"
    return render(request, template, {"notices": queries.unseen(12 if inside else 100)})


@door(methods=("POST",))
def seen(request: HttpRequest) -> HttpResponse:
    """Note that the notices were seen."""
    services.see_notices(by=actor_of(request), at=clock.now())
    return redirect(back_to(request, "/inbox/"))
