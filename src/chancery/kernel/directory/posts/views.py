"""Doors onto the verbs of posts, and a post with everyone who held it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.words import words
from chancery.kernel.directory import rules, services
from chancery.kernel.directory.desk.forms import carry_out, opened
from chancery.kernel.directory.desk.queries import contacts_at, history_of, holdings_of
from chancery.kernel.directory.desk.views import timeline, trail, unit_or_404
from chancery.kernel.directory.models import Post
from chancery.kernel.directory.posts.forms import AbolishForm, NewPostForm, PostForm
from chancery.kernel.directory.rules import is_editor
from chancery.kernel.directory.units.queries import stamp_of
from chancery.kernel.directory.validity.queries import POST_FACTS

FORM = "directory/desk/form.html"


def post_or_404(post_id: int) -> Post:
    """A post the actor may see."""
    try:
        return Post.objects.select_related("unit").get(pk=post_id)
    except Post.DoesNotExist:
        raise Http404 from None


def address(post: Post) -> str:
    """The post at the desk."""
    return reverse("directory:desk_post", args=[post.pk])


def context_of(post: Post, heading: str) -> dict[str, object]:
    """What a form about a post stands in."""
    unit = reverse("directory:desk_unit", args=[post.unit.code])
    name = words(post, "title")
    return {
        "heading": heading,
        "of": f"{name} · {words(post.unit)}",
        "unit": post.unit,
        "trail": trail((unit, words(post.unit)), (address(post), name), ("", heading)),
        "cancel": address(post),
    }


@door(methods=("GET",))
def show(request: HttpRequest, post_id: int) -> HttpResponse:
    """A post: seats, holders through time, contacts, history."""
    by = actor_of(request)
    post = post_or_404(post_id)
    on = clock.today()
    holdings = holdings_of("post", post_id, on)
    subjects = [f"directory.post:{post_id}", *(f"directory.holding:{row['id']}" for row in holdings)]
    filled = {row["seat"] for row in holdings if row["is_now"] and row["kind"] != "ACTING"}
    context = {
        "post": post,
        "holdings": holdings,
        "vacant": post.seats - len(filled),
        "is_over": post.during.isempty or (post.during.upper is not None and post.during.upper <= on),
        "contacts": contacts_at("post", post_id, on),
        "history": timeline(history_of(subjects)),
        "may_edit": bool(rules.may_edit(by, post.unit_id)),
        "stamp": stamp_of(post.unit_id),
        "trail": trail(
            (reverse("directory:desk_unit", args=[post.unit.code]), words(post.unit)), ("", words(post, "title"))
        ),
    }
    return render(request, "directory/desk/post.html", context)


@door(is_editor)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Open a post in a unit."""
    by = actor_of(request)
    unit = unit_or_404(code)
    form: NewPostForm = opened(NewPostForm, request, seen=stamp_of(unit.pk))
    heading = _("Open a post")
    back = reverse("directory:desk_unit", args=[code])
    return carry_out(
        request, form,
        lambda given: services.open_post(
            unit_id=unit.pk, **form.facts(), is_public=given["is_public"], on=given["on"], decision=given["decision"],
            reason=given["reason"], seen=given["seen"], by=by, at=clock.now(),
        ),
        done=gettext_noop("The post is open."), then=back, template=FORM, now_seen=lambda: stamp_of(unit.pk),
        context={"heading": heading, "of": words(unit), "unit": unit, "cancel": back, "trail": trail((back,
            words(unit)), ("", heading))},
    )  # fmt: skip


@door(is_editor)
def change(request: HttpRequest, post_id: int) -> HttpResponse:
    """Give a post another title, rank, number of seats or place, from a day on."""
    by = actor_of(request)
    post = post_or_404(post_id)
    initial = {name: getattr(post, name) for name in POST_FACTS}
    form: PostForm = opened(PostForm, request, seen=stamp_of(post.unit_id), initial=initial)
    return carry_out(
        request, form,
        lambda given: services.retitle_post(
            post_id=post_id, changes=form.facts(), on=given["on"], decision=given["decision"], reason=given["reason"],
            seen=given["seen"], by=by, at=clock.now(),
        ),
        done=gettext_noop("The post is changed."), then=address(post), template=FORM,
        now_seen=lambda: stamp_of(post.unit_id), context=context_of(post, _("Change the post")),
    )  # fmt: skip


@door(is_editor)
def abolish(request: HttpRequest, post_id: int) -> HttpResponse:
    """End a post."""
    by = actor_of(request)
    post = post_or_404(post_id)
    form: AbolishForm = opened(AbolishForm, request, seen=stamp_of(post.unit_id))
    return carry_out(
        request, form,
        lambda given: services.abolish_post(
            post_id=post_id, on=given["on"], with_holdings=given["with_holdings"], decision=given["decision"],
            reason=given["reason"], seen=given["seen"], by=by, at=clock.now(),
        ),
        done=gettext_noop("The post is abolished."), then=address(post), template=FORM,
        now_seen=lambda: stamp_of(post.unit_id), context={**context_of(post, _("Abolish the post")), "tone": "danger"},
    )  # fmt: skip


@door(is_editor, methods=("POST",))
def publish(request: HttpRequest, post_id: int) -> HttpResponse:
    """Show a post to the public, or withhold it."""
    by = actor_of(request)
    post = post_or_404(post_id)
    services.publish_post(post_id=post_id, is_public=request.POST.get("public") == "1", by=by, at=clock.now())
    return HttpResponseRedirect(address(post))
