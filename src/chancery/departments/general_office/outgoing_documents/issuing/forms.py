"""Step forms of the procedure, and the forms of a numbering series.

A step form that is read before it is pressed carries the paper along: `pages`, `comparison`, `problems`. They are
worked out when the page asks for them, never when the form is only cleaned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents import rules as document_rules
from chancery.departments.general_office.outgoing_documents.filing import queries as filing
from chancery.departments.general_office.outgoing_documents.issuing import queries
from chancery.departments.general_office.outgoing_documents.issuing.series import queries as series
from chancery.departments.general_office.outgoing_documents.terms import CountersignMode, Outcome
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.kernel.directory.picking.forms import UnitsPicker
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
        self.matter, self.task, self.by = matter, task, by
        self.document = documents.document_of(matter.pk) if matter is not None else None
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values from the document."""

    @cached_property
    def pages(self) -> range:
        """The pages of the paper as it would be printed now."""
        return range(1, queries.paper(self.document).pages + 1) if self.document else range(0)

    @cached_property
    def missing(self) -> Sequence[str]:
        """Characters that no font has."""
        return queries.paper(self.document).missing if self.document else ()

    @cached_property
    def may_edit(self) -> bool:
        """Whether the actor may change the text at this step."""
        if self.document is None or self.by is None or self.task is None:
            return False
        return bool(document_rules.may_edit(self.by, self.document, self.task.step))

    @cached_property
    def annexes(self) -> Sequence[Mapping[str, Any]]:
        """What goes out with it."""
        return documents.annexes_of(self.document.pk) if self.document else ()

    @cached_property
    def comparison(self) -> Any:
        """What was changed since it was last signed; None when it never was, or nothing was."""
        return queries.changes_since_signed(self.document) if self.document else None


class UnitCheckForm(StepForm):
    """部门核稿: which units countersign."""

    countersign_units = UnitsPicker(
        label=_("Units that countersign"),
        required=False,
        help_text=_("In the order in which they are asked, if one after another."),
    )

    def prepare(self) -> None:
        """The units the drafter named, and the way the drafter proposed first."""
        if self.document is None:
            return
        units = queries.asked_units(self.document)
        self.fields["countersign_units"].initial = units
        ways: list[str] = [Outcome.PARALLEL, Outcome.SERIAL]
        if self.document.countersign_mode == CountersignMode.SERIAL:
            ways.reverse()
        self.offered = [*ways, Outcome.PASS, Outcome.REWORK] if units else [Outcome.PASS, *ways, Outcome.REWORK]


class ReviewForm(StepForm):
    """办公厅审核: the text may have been given another signer on its page."""

    def clean(self) -> dict[str, Any]:
        """Who is asked to sign."""
        return {**(super().clean() or {}), "signer_post": self.document.signer_post_id if self.document else None}


class SignForm(StepForm):
    """签发: the text, and what was changed since an earlier signature."""


class RecheckForm(StepForm):
    """复核: passes as it was signed, or goes back to the signer with what was changed."""

    def prepare(self) -> None:
        """Only one of the two is possible as the text stands."""
        if self.document is not None:
            same = self.document.signed_hash and documents.text_hash(self.document) == self.document.signed_hash
            self.offered = [Outcome.PASS if same else Outcome.CHANGED]


class NumberForm(StepForm):
    """编号: the series, where several fit; who keeps the seal follows from the issuer."""

    series = forms.TypedChoiceField(label=_("Numbering series"), coerce=int, required=False, empty_value=None)

    def prepare(self) -> None:
        """The series that fit, with what their numbers look like."""
        self.last: list[tuple[str, str]] = []
        if self.document is None:
            return
        on = clock.today()
        fitting = series.series_for(self.document, on)
        last = series.last_numbers([row.code for row in fitting], on.year)
        choices = [
            (row.pk, series.sample_of(row, on, last.get(row.code, ""), self.document.profile)) for row in fitting
        ]
        self.fields["series"].choices = choices  # type: ignore[attr-defined]  # a choice field has choices
        self.fields["series"].required = len(choices) > 1
        self.has_series = bool(choices)

    def clean(self) -> dict[str, Any]:
        """With the number, the paper goes to the keeper of the lead issuer's seal."""
        given = super().clean() or {}
        wanted = queries.wanted_seals(self.document, clock.today()) if self.document else []
        return {**given, "seal_keeper_post": wanted[0].keeper_post_id if wanted else None}


class SealForm(StepForm):
    """排版用印: the seals that are wanted, who keeps each, which are on."""

    def prepare(self) -> None:
        """The last keeper ends the step; an earlier one hands it on."""
        self.seals: list[queries.WantedSeal] = []
        if self.document is None or self.by is None:
            return
        self.seals = queries.wanted_seals(self.document, clock.today(), affixed=queries.seals_on(self.document))
        self.others = queries.kept_by_others(self.by, self.seals)
        self.offered = [Outcome.NEXT if self.others else Outcome.SEALED, Outcome.CANCEL]

    def clean(self) -> dict[str, Any]:
        """Who keeps the seal that comes next."""
        given = super().clean() or {}
        if self.others:
            given["seal_keeper_post"] = self.others[0].keeper_post_id
        return given


class ReleaseForm(StepForm):
    """核发: the finished paper, and what was found wrong with it."""

    @cached_property
    def problems(self) -> list[str]:
        """What stands against releasing it."""
        return queries.problems(self.document, clock.now()) if self.document else []

    @cached_property
    def seals(self) -> list[queries.WantedSeal]:
        """The seals on it."""
        if self.document is None:
            return []
        return queries.wanted_seals(self.document, clock.today(), affixed=queries.seals_on(self.document))


class FilingForm(PlaceForm, StepForm):
    """归档: class and period as the file plan proposes them, and what keeps the document from being filed."""

    def prepare(self) -> None:
        """Choices, first values, hindrances."""
        self.hindrances: list[Hindrance] = []
        if self.document is not None:
            self.place(filing.thing_of(self.document, clock.today()))
            self.hindrances = filing.hindrances(
                self.document, clock.now(), but_task_id=self.task.id if self.task else None
            )
