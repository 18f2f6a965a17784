"""Step forms: input of each step of the procedure, cleaned. Shown on the matter page under the buttons of the step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.incoming_documents import queries
from chancery.departments.general_office.incoming_documents.terms import Fault, Retention
from chancery.foundations.actor import Actor
from chancery.foundations.words import words
from chancery.kernel.directory.models import Post, Unit

if TYPE_CHECKING:
    _OneUnit = forms.ModelChoiceField[Unit]
    _Units = forms.ModelMultipleChoiceField[Unit]
    _OnePost = forms.ModelChoiceField[Post]
    _Posts = forms.ModelMultipleChoiceField[Post]
else:  # generic for the type checker only
    _OneUnit = _OnePost = forms.ModelChoiceField
    _Units = _Posts = forms.ModelMultipleChoiceField


class StepForm(forms.Form):
    """A form of one step; kernel.procedures gives it the matter, the task and the actor."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        matter: Any = None,
        task: Any = None,
        by: Actor | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.matter = matter
        self.task = task
        self.by = by
        self.document = queries.document_of(matter.pk) if matter is not None else None
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values from the document."""


class UnitChoice(_OneUnit):
    """One unit, in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Its words."""
        return words(obj, "name")


class UnitChoices(_Units):
    """Several units, in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Its words."""
        return words(obj, "name")


def post_label(post: Post) -> str:
    """A post as a picker shows it: holder's name when one is known, title, unit."""
    who = getattr(post, "holder", "")
    where = f"{words(post, 'title')}, {words(post.unit, 'name')}"
    return f"{who} ({where})" if who else where


class PostChoice(_OnePost):
    """One post."""

    def label_from_instance(self, obj: Any) -> str:
        """Its words."""
        return post_label(obj)


class PostChoices(_Posts):
    """Several posts."""

    def label_from_instance(self, obj: Any) -> str:
        """Its words."""
        return post_label(obj)


class FirstCheckForm(StepForm):
    """In order, or the grounds on which it goes back."""

    faults = forms.MultipleChoiceField(
        label=_("Grounds for returning it"), choices=Fault.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class ProposeForm(StepForm):
    """拟办: who handles, with whom, which leaders see it first, who reads it."""

    lead_unit = UnitChoice(label=_("Lead unit"), queryset=Unit.objects.none(), required=False)
    co_units = UnitChoices(
        label=_("Co-units"), queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    leaders = PostChoices(
        label=_("Leaders"), queryset=Post.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    readers = PostChoices(
        label=_("Circulation list"), queryset=Post.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """Choices and first values."""
        units = queries.handling_units_to_choose()
        self.fields["lead_unit"].queryset = units  # type: ignore[attr-defined]  # django-stubs: fields are plain Field
        self.fields["co_units"].queryset = units  # type: ignore[attr-defined]  # as above
        self.fields["leaders"].queryset = queries.leaders_to_choose()  # type: ignore[attr-defined]  # as above
        self.fields["readers"].queryset = queries.readers_to_choose()  # type: ignore[attr-defined]  # as above
        if self.document is not None:
            named = queries.units(self.document.pk)
            self.initial.setdefault("lead_unit", next((row.unit_id for row in named if row.part == "LEAD"), None))
            self.initial.setdefault("co_units", [row.unit_id for row in named if row.part == "CO"])
            self.initial.setdefault("readers", [row["post_id"] for row in queries.readers(self.document.pk)])


class HandleForm(StepForm):
    """承办: what was done."""

    result = forms.CharField(
        label=_("Result"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was done; it stands on the processing slip."),
    )


class ReplyForm(StepForm):
    """答复: the reply as sent, as text, file or both."""

    reply_text = forms.CharField(
        label=_("Reply"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    reply_number = forms.CharField(label=_("Number of the reply"), required=False, max_length=80)
    reply_file = forms.FileField(label=_("File of the reply"), required=False)

    def prepare(self) -> None:
        """Choices and first values."""
        if self.document is not None:
            self.initial.setdefault("reply_text", self.document.reply_text)
            self.initial.setdefault("reply_number", self.document.reply_number)


class FilingForm(StepForm):
    """归档: class and retention, proposed from the type of document."""

    file_class = forms.ChoiceField(label=_("Class"))
    retention = forms.ChoiceField(label=_("Retention"), choices=Retention.choices)

    def prepare(self) -> None:
        """Choices and first values."""
        self.fields["file_class"].choices = queries.file_classes()  # type: ignore[attr-defined]  # django-stubs: plain Field
        if self.document is not None:
            file_class, retention = queries.filing_proposed(self.document)
            self.initial.setdefault("file_class", file_class)
            self.initial.setdefault("retention", retention)


class ReaderForm(forms.Form):
    """A post to be put on the circulation list, and why."""

    post = PostChoice(label=_("Reader"), queryset=Post.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = queries.readers_to_choose()  # type: ignore[attr-defined]  # plain Field to django-stubs
