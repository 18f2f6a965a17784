"""Filing a closed matter."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.kernel.procedures.bindings import all_bindings
from chancery.kernel.procedures.filing import queries, rules, services
from chancery.kernel.procedures.filing.forms import FileMatterForm
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.records.archive.placing.queries import Thing
from chancery.kernel.records.archive.queries import item_of


@door(staff)
def file_matter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Class and period, and what hinders."""
    by = actor_of(request)
    matter = Matter.objects.select_related("unit").filter(pk=matter_id).first()
    if matter is None:
        raise Http404
    filed = item_of(f"{queries.SUBJECT}{matter.pk}")
    if filed is not None:
        return redirect("records:archival_item", item_id=filed.pk)
    rules.may_file(by, matter, {one.code for one in all_bindings() if one.files_itself}).demand()
    form = FileMatterForm(request.POST or None)
    form.place(Thing(queries.KIND, matter.procedure, matter.unit_id, clock.today()))
    address = reverse("procedures:matter", args=[matter.pk])
    if request.method == "POST" and form.is_valid():
        try:
            item = services.file_matter(matter_id=matter.pk, **form.cleaned_data, by=by, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Filed as %(code)s.") % {"code": item.code})
            return redirect("records:archival_item", item_id=item.pk)
    context = {
        "form": form,
        "matter": matter,
        "hindrances": queries.hindrances(matter.pk),
        "cancel": address,
        "trail": [(reverse("procedures:inbox"), _("Inbox")), (address, matter.number), ("", pgettext("verb", "File"))],
    }
    return render(request, "procedures/filing/file.html", context, status=422 if form.errors else 200)
