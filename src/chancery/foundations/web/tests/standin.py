"""The storey's tests stand alone: a middleware that takes the actor from a cookie, and a few doors to knock at."""

from __future__ import annotations

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from chancery.foundations.actor import PUBLIC, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale, no, yes
from chancery.foundations.web.door import anyone, door
from chancery.foundations.web.models import SavedView
from chancery.foundations.web.tables import Bulk, Column, Filter, ListPage

STAFF = Actor(
    account_id=7,
    person_id=7,
    post_id=7,
    body_id=1,
    clearance=10,
    name="Lin Shu",
    post_title="Registrar",
    body_name="Office",
)
HATLESS = Actor(account_id=8, person_id=8, clearance=10, name="Ma Ke")
ACTORS = {"staff": STAFF, "hatless": HATLESS}


class StandIn:
    """What kernel.access' middleware promises to doors, without accounts."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = ACTORS.get(request.COOKIES.get("as"), PUBLIC)
        with acting_as(request.actor):
            with transaction.atomic():
                response = self.get_response(request)
                undone = response.status_code >= 500 or getattr(request, "_rollback", False)
                if undone:
                    transaction.set_rollback(True)
            for act in getattr(request, "_after_rollback", ()) if undone else ():
                act()
        return response

    def process_exception(self, request, exception):
        request._rollback = True


def keep(request, name):
    SavedView.objects.create(account=request.actor.account_id or 0, page="test", name=name, address="/")


@door(anyone)
def open_to_all(request):
    return HttpResponse("open")


@door()
def for_staff(request):
    return HttpResponse("staff")


@door(lambda by: yes() if by.person_id == 1 else no("Only the registrar may file."))
def for_one(request):
    return HttpResponse("one")


@door(methods=("POST",))
def refuse(request):
    keep(request, "refused")
    raise Refused("The number is taken.", basis="Rules 2022, art. 22")


@door(methods=("POST",))
def stale(request):
    raise Stale("Zhao Heng completed it at 10:02.")


@door()
def absent(request):
    raise Http404


@door()
def broken(request):
    keep(request, "broken")
    raise ValueError("boom")


@door(methods=("POST",))
def act(request):
    if request.POST.get("bad"):
        return HttpResponse("errors")
    keep(request, f"act {SavedView.objects.count()}")
    return redirect("/kept/")


@door(anyone, rate="3/m")
def rare(request):
    return HttpResponse("let in")


@door(anyone, rate="3/m")
def rare_refusal(request):
    raise Refused("Wrong token.")


class Letter(forms.Form):
    title = forms.CharField(label="Title", help_text="As printed.")
    sent_on = forms.DateField(label="Sent on", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("L", "Letter"), ("R", "Report")], widget=forms.RadioSelect)
    paper = forms.BooleanField(label="Paper", required=False)


@door()
def letter(request):
    from django.shortcuts import render

    form = Letter(request.POST or None)
    return render(request, "web/tests/letter.html", {"form": form})


@door()
def listed(request):
    rows = ContentType.objects.values("id", "app_label", "model")
    page = ListPage(
        request,
        name="web.test",
        rows=rows,
        columns=[
            Column("model", "Model", sort="model", is_main=True, link=lambda r: f"/things/{r['id']}/"),
            Column("app_label", "App", sort="app_label"),
            Column("formula", "Formula", value=lambda r: f"=1+{r['id']}"),
            Column("id", "Number", kind="number", sort="id"),
            Column("hidden", "Hidden", value=lambda r: "hidden cell", is_shown=False),
        ],
        filters=[
            Filter("app_label", "App", choices=lambda: [("web", "Web"), ("journal", "Journal")]),
            Filter("label", "Label", kind="text", lookup="app_label"),
        ],
        search=("model",),
        order="id",
        bulk=[Bulk("/act/", "Mark")],
    )
    return page.respond("web/tests/listed.html")


urlpatterns = [
    path("", include("chancery.foundations.web.urls")),
    path("accounts/login/", open_to_all, name="account_login"),
    path("open/", open_to_all),
    path("staff/", for_staff),
    path("one/", for_one),
    path("refuse/", refuse),
    path("stale/", stale),
    path("absent/", absent),
    path("broken/", broken),
    path("act/", act),
    path("rare/", rare),
    path("rare-refusal/", rare_refusal),
    path("letter/", letter),
    path("list/", listed),
]
handler400 = "chancery.foundations.web.errors.bad_request"
handler403 = "chancery.foundations.web.errors.forbidden"
handler404 = "chancery.foundations.web.errors.not_found"
handler500 = "chancery.foundations.web.errors.server_error"
