"""@door: who may enter a view, by which method, how often, and once. Every URL has one.

    @door(rules.may_register, methods=("GET", "POST"))      # staff for whom the rule says yes
    @door(anyone, rate="60/m")                              # the public, sixty times a minute from one address

What comes out of a door, whatever happens behind it:

| happens | page |
|---|---|
| nobody signed in | sign-in, and back here afterwards |
| the rule refuses | 403 with the rule's reason |
| `Http404` | 404; the same whether the thing is absent or may not be seen |
| `Stale` | 409: what changed; nothing was done |
| another `Refused` | 422 with the reason; nothing was done |
| a method the view has not | 405 |
| too often | 429 with Retry-After |
| larger than it takes | 413 before anything of it is parsed (`sizes`) |

A POST that carries an `act_token` (the house forms do) is done once: the second click gets the first one's answer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.foundations.web import errors, once, rate_limit

View = Callable[..., HttpResponseBase]
Rule = Callable[[Actor], Verdict]


@dataclass(frozen=True)
class Door:
    """What a door asks. `audience` is "public" or "staff"."""

    audience: str
    rule: Rule
    methods: tuple[str, ...]
    rate: str = ""
    most: Callable[[], int] | None = None  # bytes a form of it may have; None: what any form may (`sizes`)
    oversize: View | None = None  # what answers a larger one, with the fields that stood before the files


def actor_of(request: HttpRequest) -> Actor:
    """Who asks: put there by ActorMiddleware before any view runs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return actor


def anyone(by: Actor) -> Verdict:
    """The public may enter."""
    return yes()


def staff(by: Actor) -> Verdict:
    """Anyone signed in under a hat."""
    return yes() if by.is_person and by.post_id else no(_("Choose the post you act in first."))


def signed_in(by: Actor) -> Verdict:
    """Anyone signed in, with or without a post: account pages and the choice of a hat."""
    return yes() if by.is_person else no(_("Sign in first."))


def undo(request: HttpRequest) -> None:
    """Have the request's transaction rolled back once the answer is made (ActorMiddleware does it)."""
    request._rollback = True  # type: ignore[attr-defined]  # the sign between door and middleware


def door(
    rule: Rule = staff,
    *,
    methods: Iterable[str] = ("GET", "POST"),
    rate: str = "",
    most: Callable[[], int] | None = None,
    oversize: View | None = None,
) -> Callable[[View], View]:
    """Guard a view with a rule over the actor. `rate` is "<count>/<s|m|h|d>" per client address and door."""
    allowed = tuple(methods) + (("HEAD",) if "GET" in methods and "HEAD" not in methods else ())
    limit = rate_limit.parse(rate) if rate else None

    def dress(view: View) -> View:
        name = f"{view.__module__}.{view.__qualname__}"

        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in allowed:
                return errors.method_not_allowed(request, allowed)
            if limit is not None and (wait := rate_limit.knock(request, name, limit)):
                return errors.too_many(request, wait)
            by = actor_of(request)
            if rule is not anyone and not by.is_person:
                return errors.sign_in_first(request)
            verdict = rule(by)
            if not verdict:
                return errors.forbidden(request, reason=verdict.reason)
            if oversize is not None and getattr(request, "is_oversize", False):
                return oversize(request, *args, **kwargs)
            try:
                return once.answer(request, functools.partial(view, request, *args, **kwargs))
            except Refused as refusal:
                undo(request)
                return errors.refused(request, refusal)

        audience = "public" if rule is anyone else "staff"
        guarded.door = Door(audience, rule, allowed, rate, most, oversize)  # type: ignore[attr-defined]  # mark of a door
        return guarded

    return dress
