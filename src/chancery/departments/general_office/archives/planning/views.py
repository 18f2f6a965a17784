"""Sending a draft to approval."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.planning import services
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.kernel.records.fileplan import rules
from chancery.kernel.records.fileplan.comparing.queries import compare, shortened
from chancery.kernel.records.fileplan.models import FilePlan


@door(staff)
def submit(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What will be sent, and sending it."""
    plan = FilePlan.objects.select_related("fonds", "based_on").filter(pk=plan_id).first()
    if plan is None:
        raise Http404
    by = actor_of(request)
    rules.may_draft(by, plan.fonds.keeper_unit_id).demand()
    fault = ""
    if request.method == "POST":
        try:
            matter = services.send_to_approval(plan_id=plan.pk, by=by, at=clock.now())
        except Refused as refusal:
            fault = str(refusal)
        else:
            messages.success(request, _("The version is under approval."))
            return redirect("procedures:matter", matter.pk)
    earlier = plan.based_on
    context = {
        "plan": plan,
        "fault": fault,
        "changes": [line for line in compare(earlier, plan) if line.changes] if earlier else [],
        "earlier": earlier,
        "shortened": shortened(earlier, plan) if earlier else [],
        "trail": [
            (reverse("records:fileplans"), _("File plan")),
            (reverse("records:fileplan", args=[plan.pk]), _("Version %(number)s") % {"number": plan.number}),
            (None, _("Send to approval")),
        ],
    }
    return render(request, "general_office/archives/planning/submit.html", context, status=422 if fault else 200)
