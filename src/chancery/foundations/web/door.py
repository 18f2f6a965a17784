"""@door: who may enter a view. Every URL has one; `tests/architecture` fails on a view without."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from django.utils.translation import gettext_lazy as _

View = Callable[..., HttpResponseBase]
Rule = Callable[[Actor], Verdict]


@dataclass(frozen=True)
class Door:
    """What a door asks. `audience` is "public" or "staff"."""

    audience: str
    rule: Rule


def anyone(by: Actor) -> Verdict:
    """The public may enter."""
    return yes()


def staff(by: Actor) -> Verdict:
    """Anyone signed in under a hat."""
    return yes() if by.is_person and by.post_id else no(_("Choose the post you act in first."))


def door(rule: Rule = staff) -> Callable[[View], View]:
    """Guard a view with a rule over the actor."""

    def dress(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            by: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
            if rule is not anyone and not by.is_person:
                return redirect_to_login(request.get_full_path())
            verdict = rule(by)
            if not verdict:
                raise Http404
            return view(request, *args, **kwargs)

        guarded.door = Door("public" if rule is anyone else "staff", rule)  # type: ignore[attr-defined]
        return guarded

    return dress
