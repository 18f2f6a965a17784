"""Choosing a hat, and one's own account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door, signed_in
from chancery.kernel.access.hats import queries, services
from chancery.kernel.access.middleware import HAT


def onward(request: HttpRequest, default: str = "/") -> str:
    """The `next` address when it is one of ours."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else default


@door(signed_in)
def hats(request: HttpRequest) -> HttpResponse:
    """Which post one acts in; a POST changes it for this session."""
    by, wardrobe = actor_of(request), request.wardrobe  # type: ignore[attr-defined]  # set by ActorMiddleware
    if request.method == "POST" and not request.second_factor_due:  # type: ignore[attr-defined]  # likewise
        asked = request.POST.get("hat", "")
        hat = wardrobe.hat(int(asked)) if asked.isascii() and asked.isdecimal() else None
        if hat is None:
            messages.error(request, _("You do not hold that post today."))
            return redirect("access:hats")
        new = wardrobe.actor(hat.post_id)
        services.note_hat(before=by.post_id, by=new, at=clock.now())
        request.session[HAT] = hat.post_id
        messages.success(request, _("You now act as %(title)s, %(unit)s.") % {"title": hat.title, "unit": hat.unit})
        return redirect(onward(request))
    return render(
        request, "access/hats.html", {"hats": _with_work(request), "next": onward(request, ""), "current": by.post_id}
    )


@door(signed_in, methods=("GET",))
def account(request: HttpRequest) -> HttpResponse:
    """One's account: how one signs in, where one is signed in, what one holds."""
    wardrobe = request.wardrobe  # type: ignore[attr-defined]  # set by ActorMiddleware
    return render(request, "access/account.html", {"wardrobe": wardrobe, "hats": wardrobe.hats})


def hat_menu(request: HttpRequest) -> dict[str, Any]:
    """What the hat menu in the bar shows."""
    by, wardrobe = actor_of(request), request.wardrobe  # type: ignore[attr-defined]  # set by ActorMiddleware
    if wardrobe is None:
        return {"hats": ()}
    others = _with_work(request) if len(wardrobe.hats) > 1 else []
    return {
        "hats": others,
        "current": wardrobe.hat(by.post_id),
        "current_id": by.post_id,
        "waiting": sum(n for hat, n in others if hat.post_id != by.post_id),
        "second_factor_due": request.second_factor_due,  # type: ignore[attr-defined]  # likewise
        "here": request.get_full_path(),
    }


def _with_work(request: HttpRequest) -> list[tuple[queries.Hat, int]]:
    """Each hat with the work that waits under it (of other hats only: one's own is counted beside the inbox)."""
    by, wardrobe = actor_of(request), request.wardrobe  # type: ignore[attr-defined]  # set by ActorMiddleware
    return [
        (hat, 0 if hat.post_id == by.post_id else queries.waiting_under(wardrobe.actor(hat.post_id)))
        for hat in wardrobe.hats
    ]
