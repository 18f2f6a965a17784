"""Comments: made, answered, resolved; beside the text by htmx, or as a list without script."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from chancery.departments.general_office.outgoing_documents.comments import queries, rules, services
from chancery.departments.general_office.outgoing_documents.comments.forms import CommentForm
from chancery.departments.general_office.outgoing_documents.comments.models import Comment
from chancery.departments.general_office.outgoing_documents.drafting.views import found
from chancery.foundations import clock, manuscript
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff


def _answer(request: HttpRequest, document_id: int, refused: str = "") -> HttpResponseBase:
    by = actor_of(request)
    document = found(document_id)
    if getattr(request, "htmx", False):
        context = {
            "document": document,
            "threads": queries.threads(document.pk, document.body),
            "may_comment": bool(rules.may_comment(by, document)),
            "refused": refused,
        }
        return render(request, "general_office/outgoing_documents/comments/threads.html", context)
    if refused:
        messages.error(request, refused)
    is_editing = request.POST.get("next_page") == "edit"
    return redirect("general_office:outgoing_edit" if is_editing else "general_office:outgoing_document", document_id)


@door(staff, methods=("POST",))
def make(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """A remark."""
    by = actor_of(request)
    document = found(document_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _answer(request, document_id, "; ".join(str(one) for errors in form.errors.values() for one in errors))
    anchor = form.cleaned_data["anchor"]
    if anchor is None and form.cleaned_data["quoted"]:
        text = manuscript.plain(document.body or manuscript.EMPTY)
        at = text.find(form.cleaned_data["quoted"])
        anchor = manuscript.anchor_at(text, at, at + len(form.cleaned_data["quoted"])) if at >= 0 else None
    try:
        services.make_comment(
            document_id=document_id, text=form.cleaned_data["text"], anchor=anchor, by=by, at=clock.now()
        )
    except Refused as refusal:
        return _answer(request, document_id, str(refusal))
    return _answer(request, document_id)


def _thread(document_id: int, comment_id: int) -> None:
    if not Comment.objects.filter(pk=comment_id, document_id=document_id, thread__isnull=True).exists():
        raise Http404


@door(staff, methods=("POST",))
def answer(request: HttpRequest, document_id: int, comment_id: int) -> HttpResponseBase:
    """An answer in a thread."""
    by = actor_of(request)
    _thread(document_id, comment_id)
    try:
        services.answer_comment(comment_id=comment_id, text=request.POST.get("text", ""), by=by, at=clock.now())
    except Refused as refusal:
        return _answer(request, document_id, str(refusal))
    return _answer(request, document_id)


@door(staff, methods=("POST",))
def resolve(request: HttpRequest, document_id: int, comment_id: int) -> HttpResponseBase:
    """Settled, or open again."""
    by = actor_of(request)
    _thread(document_id, comment_id)
    act = services.reopen_comment if request.POST.get("way") == "reopen" else services.resolve_comment
    act(comment_id=comment_id, by=by, at=clock.now())
    return _answer(request, document_id)
