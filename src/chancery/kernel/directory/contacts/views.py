"""Doors onto the verbs of contacts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door
from chancery.foundations.words import words
from chancery.kernel.directory import services
from chancery.kernel.directory.contacts.forms import ContactForm, EndContactForm
from chancery.kernel.directory.desk.forms import carry_out, opened
from chancery.kernel.directory.desk.views import trail, unit_or_404
from chancery.kernel.directory.models import Contact
from chancery.kernel.directory.people.views import person_or_404
from chancery.kernel.directory.posts.views import post_or_404
from chancery.kernel.directory.rules import is_editor

FORM = "directory/desk/form.html"


def _add(request: HttpRequest, owner: dict[str, Any], name: str, back: str) -> HttpResponse:
    by = actor_of(request)
    form: ContactForm = opened(ContactForm, request, seen=None)
    heading = _("Add a contact")
    return carry_out(
        request, form,
        lambda given: services.add_contact(
            **owner, **{key: value for key, value in given.items() if key != "seen"}, by=by, at=clock.now()
        ),
        done=gettext_noop("The contact is added."), then=back, template=FORM,
        context={"heading": heading, "of": name, "cancel": back, "trail": trail((back, name), ("", heading))},
    )  # fmt: skip


@door(is_editor)
def add_to_unit(request: HttpRequest, code: str) -> HttpResponse:
    """A contact for a unit."""
    unit = unit_or_404(code)
    return _add(request, {"unit_id": unit.pk}, words(unit), reverse("directory:desk_unit", args=[code]))


@door(is_editor)
def add_to_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """A contact for a post."""
    post = post_or_404(post_id)
    return _add(request, {"post_id": post_id}, words(post, "title"), reverse("directory:desk_post", args=[post_id]))


@door(is_editor)
def add_to_person(request: HttpRequest, code: str) -> HttpResponse:
    """A contact for a person."""
    person = person_or_404(code)
    return _add(request, {"person_id": person.pk}, words(person), reverse("directory:desk_person", args=[code]))


@door(is_editor)
def end(request: HttpRequest, contact_id: int) -> HttpResponse:
    """End a contact, or strike it out."""
    by = actor_of(request)
    try:
        contact = Contact.objects.select_related("unit", "post", "person").get(pk=contact_id)
    except Contact.DoesNotExist:
        raise Http404 from None
    if contact.unit:
        back, name = reverse("directory:desk_unit", args=[contact.unit.code]), words(contact.unit)
    elif contact.post:
        back, name = reverse("directory:desk_post", args=[contact.post_id]), words(contact.post, "title")
    else:
        back, name = reverse("directory:desk_person", args=[contact.person.code]), words(contact.person)  # type: ignore[union-attr]  # one owner
    form: EndContactForm = opened(EndContactForm, request, seen=contact.version)
    heading = _("End the contact")
    return carry_out(
        request, form,
        lambda given: services.end_contact(contact_id=contact_id, **given, by=by, at=clock.now()),
        done=gettext_noop("The contact is ended."), then=back, template=FORM,
        now_seen=lambda: Contact.objects.values_list("version", flat=True).get(pk=contact_id),
        context={"heading": heading, "of": f"{contact.value} · {name}", "cancel": back, "trail": trail((back, name),
            ("", heading))},
    )  # fmt: skip
