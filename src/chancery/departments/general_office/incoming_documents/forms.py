"""Step forms: input of each step of the procedure, cleaned. Shown on the matter page under the buttons of the step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.incoming_documents import queries
from chancery.departments.general_office.incoming_documents.filing import queries as filing
from chancery.departments.general_office.incoming_documents.terms import LEADERS, UNITS, Fault
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.kernel.access.picking.terms import REACHABLE
from chancery.kernel.directory.picking.forms import PostPicker, PostsPicker, UnitPicker, UnitsPicker
from chancery.kernel.records.archive.placing.forms import PlaceForm
from chancery.kernel.records.archive.terms import Hindrance


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


class FirstCheckForm(StepForm):
    """In order, or the grounds on which it goes back."""

    faults = forms.MultipleChoiceField(
        label=_("Grounds for returning it"), choices=Fault.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class ProposeForm(StepForm):
    """拟办: who handles, with whom, which leaders see it first, who reads it."""

    lead_unit = UnitPicker(UNITS, label=_("Lead unit"), required=False)
    co_units = UnitsPicker(UNITS, label=_("Co-units"), required=False)
    leaders = PostsPicker(LEADERS, label=_("Leaders"), required=False)
    readers = PostsPicker(REACHABLE, label=_("Circulation list"), required=False)

    def prepare(self) -> None:
        """First values."""
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


class FilingForm(PlaceForm, StepForm):
    """归档: class and period as the file plan proposes them, and what keeps the document from being filed."""

    def prepare(self) -> None:
        """Choices, first values, hindrances."""
        self.hindrances: list[Hindrance] = []
        if self.document is not None:
            self.place(
                filing.thing_of(self.document, clock.today()), (self.document.file_class, self.document.retention)
            )
            self.hindrances = filing.hindrances(self.document, but_task_id=self.task.id if self.task else None)


class ReaderForm(forms.Form):
    """A post to be put on the circulation list, and why."""

    post = PostPicker(REACHABLE, label=_("Reader"))
    reason = forms.CharField(label=_("Reason"), max_length=300)
