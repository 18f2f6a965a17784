"""The draft's form and its smaller ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.address_book import queries as address_book
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.queries import PLAIN, Facts
from chancery.departments.general_office.outgoing_documents.terms import (
    AddresseePart,
    CountersignMode,
    Direction,
    Label,
    RelationKind,
    Urgency,
)
from chancery.foundations import manuscript
from chancery.foundations.actor import Actor
from chancery.foundations.web.forms import ManuscriptField
from chancery.foundations.web.picker import PickMany
from chancery.foundations.words import words
from chancery.kernel.directory.picking.forms import PostPicker, PostsPicker, UnitPicker, UnitsPicker
from chancery.kernel.records.papertypes import queries as paper_types
from chancery.kernel.records.setting.terms import Format

ISSUED_SOURCE = "outgoing-issued"
LANGUAGES = (("zh", _("Chinese")), ("en", _("English")))
RELATION_FIELDS = {kind.value: kind.value.lower() for kind in RelationKind}
SPARE_ROWS = 1


class RowsWidget(forms.Widget):
    """Rows of small inputs of the same kind; a spare row at the end, more by the page's script."""

    def __init__(self, columns: Sequence[tuple[str, Any, Any]], label: Any) -> None:
        super().__init__()
        self.columns, self.label = columns, label  # columns: name, words, choices or an input's type

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        """The rows in which something is typed."""
        lists = [_several(data, f"{name}-{column}") for column, _words, _kind in self.columns]
        rows = [dict(zip((c[0] for c in self.columns), values, strict=False)) for values in zip(*lists, strict=False)]
        typed = [column for column, _words, kind in self.columns if isinstance(kind, str)]
        return [row for row in rows if any(row[column].strip() for column in typed)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the page had no such rows."""
        return not any(f"{name}-{column}" in data for column, _words, _kind in self.columns)

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        """The rows and the spare one."""
        rows = [*(value or ()), *({} for _spare in range(SPARE_ROWS))]
        cells = [
            [
                {
                    "name": f"{name}-{column}",
                    "label": label,
                    "choices": kind if not isinstance(kind, str) else (),
                    "type": kind if isinstance(kind, str) else "",
                    "value": row.get(column, ""),
                }
                for column, label, kind in self.columns
            ]
            for row in rows
        ]
        context = {"rows": cells, "id": (attrs or {}).get("id", f"id_{name}"), "label": self.label}
        return render_to_string("general_office/outgoing_documents/drafting/rows.html", context)


def _several(data: Any, name: str) -> list[str]:
    found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    return [str(one) for one in found]


class RowsField(forms.Field):
    """A list of mappings, as typed; the rules judge them."""

    def __init__(self, columns: Sequence[tuple[str, Any, Any]], **more: Any) -> None:
        super().__init__(widget=RowsWidget(columns, more.get("label", "")), required=False, **more)

    def clean(self, value: Any) -> list[dict[str, str]]:
        """Trimmed and not longer than the columns."""
        return [{name: str(text).strip()[:300] for name, text in row.items()} for row in value or ()]


OUTSIDE = (
    ("part", _("as"), AddresseePart.choices),
    ("name", _("Name"), "text"),
    ("email", _("E-mail"), "email"),
    ("postal", _("Postal address"), "text"),
)
NUMBERED = (
    ("kind", _("This paper"), RelationKind.choices),
    ("earlier_number", _("Number"), "text"),
    ("earlier_title", _("Title"), "text"),
)


class DraftForm(forms.Form):
    """Everything of a paper that is typed or picked. What a type demands is the rules' affair, not the form's."""

    paper_type = forms.ChoiceField(label=_("Type"))
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)
    format = forms.ChoiceField(label=_("Format"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    main = UnitsPicker(label=_("Main addressees"), required=False)
    copy_to = UnitsPicker(label=_("Copy to"), required=False)
    outside = RowsField(OUTSIDE, label=_("Addressees outside the directory"))
    body = ManuscriptField(label=_("Text"), required=False)
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("Printed in brackets below the date.")
    )
    issuer = UnitPicker(label=_("Issuer"), required=False)
    joint_issuers = UnitsPicker(
        label=_("Issued jointly with"), required=False, help_text=_("In the order of their names on the paper.")
    )
    signer_post = PostPicker(
        label=_("Signer"), required=False, help_text=_("Empty: whoever leads. Needed for a paper that goes upward.")
    )
    countersign_units = UnitsPicker(label=_("Countersigned by"), required=False)
    countersign_mode = forms.ChoiceField(
        label=_("They countersign"), choices=CountersignMode.choices, widget=forms.RadioSelect, required=False
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices)
    label = forms.TypedChoiceField(
        label=_("House label"),
        choices=Label.choices,
        coerce=int,
        help_text=_("A house label. Anything marked as a state secret must not be entered here at all."),
    )
    keywords = forms.CharField(label=_("Keywords"), max_length=200, required=False)
    copies = forms.IntegerField(label=_("Copies to print"), required=False, min_value=1, max_value=9999)
    supersedes = PickMany(ISSUED_SOURCE, label=_("Supersedes"), required=False)
    abolishes = PickMany(ISSUED_SOURCE, label=_("Abolishes"), required=False)
    corrects = PickMany(ISSUED_SOURCE, label=_("Corrects"), required=False)
    answers = PickMany(ISSUED_SOURCE, label=_("Answers"), required=False)
    numbered = RowsField(NUMBERED, label=_("Earlier papers known by their number"))
    version_note = forms.CharField(
        label=_("What changed, and why"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("What changed, and why (kept with the version)")}),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    # Kept with unsaved work: everything the page can send but tokens and what is drawn anew.
    NOT_KEPT = frozenset({"csrfmiddlewaretoken", "act_token", "act", "body-was", "add_group", "add_group_as"})

    def __init__(self, *args: Any, document: OutgoingDocument, on: dt.date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.document = document
        held = list(paper_types.holding(on, profile=document.profile))
        known = [(one.code, words(one)) for one in held]
        if document.paper_type not in {one.code for one in held}:
            known.append((document.paper_type, _("%(code)s (not in use)") % {"code": document.paper_type}))
        formats = {code for one in held for code in one.says("formats") or ()}
        own = [(one.value, one.label) for one in Format if one.value in formats]
        cast(forms.ChoiceField, self.fields["paper_type"]).choices = known
        cast(forms.ChoiceField, self.fields["format"]).choices = own
        cast(ManuscriptField, self.fields["body"]).profile = cast(manuscript.Profile, document.profile)

    def facts(self) -> Facts:
        """The typed facts that are readable; what is not stays as it was."""
        told = self.cleaned_data
        found: Facts = {name: told[name] for name in PLAIN if name in told}
        for name in (
            "issuer",
            "joint_issuers",
            "main",
            "copy_to",
            "outside",
            "body",
            "signer_post",
            "countersign_units",
        ):
            if name in told:
                found[name] = told[name]
        if told.get("countersign_mode"):
            found["countersign_mode"] = told["countersign_mode"]
        if found.get("issuer") is None:
            found.pop("issuer", None)
        if {"numbered", *RELATION_FIELDS.values()} <= set(told):
            found["relations"] = self._relations()
        return found

    def _relations(self) -> list[dict[str, Any]]:
        told = self.cleaned_data
        picked = [
            {"kind": kind, "earlier_id": one, "earlier_number": "", "earlier_title": "", "note": ""}
            for kind, name in RELATION_FIELDS.items()
            for one in told[name] or ()
        ]
        typed = [{"earlier_id": None, "note": "", **row} for row in told["numbered"]]
        return picked + typed

    @staticmethod
    def initial_of(document: OutgoingDocument, facts: Mapping[str, Any]) -> dict[str, Any]:
        """What the page shows for facts."""
        relations = facts["relations"]
        picked = {
            name: [one["earlier_id"] for one in relations if one["kind"] == kind and one["earlier_id"]]
            for kind, name in RELATION_FIELDS.items()
        }
        numbered = [one for one in relations if not one["earlier_id"]]
        return {**facts, **picked, "numbered": numbered, "seen_version": document.version}


class BeginForm(forms.Form):
    """Type, then template."""

    paper_type = forms.CharField(widget=forms.HiddenInput)
    template = forms.IntegerField(widget=forms.HiddenInput, required=False)


class GroupChoiceForm(forms.Form):
    """An address group, taken over into the draft."""

    group = forms.ChoiceField(label=_("Address group"), required=False)
    part = forms.ChoiceField(label=_("as"), choices=AddresseePart.choices)

    def __init__(self, *args: Any, by: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        found = [(str(one.pk), words(one)) for one in address_book.groups(by)]
        cast(forms.ChoiceField, self.fields["group"]).choices = found


class ImportForm(forms.Form):
    """A Word file."""

    file = forms.FileField(label=_("Word file (.docx)"), widget=forms.FileInput(attrs={"accept": ".docx"}))


class AlongForm(forms.Form):
    """Posts to draft along."""

    posts = PostsPicker(label=_("Posts"))
