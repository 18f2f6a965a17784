"""Forms of dispatch: how each copy goes, a further addressee, again after a failure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.dispatch import queries, rules
from chancery.departments.general_office.outgoing_documents.dispatch.terms import Channel
from chancery.departments.general_office.outgoing_documents.terms import AddresseePart
from chancery.foundations.actor import Actor
from chancery.kernel.directory.picking.forms import UnitPicker


class DispatchForm(forms.Form):
    """分发: a line per addressee with its way; what cannot go as thought says why.

    Cleaned: {"choices": {addressee: (channel, e-mail)}}.
    """

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
        self.document = documents.document_of(matter.pk) if matter is not None else None
        self.plan = queries.plan(self.document) if self.document is not None else []
        for line in self.plan:
            ways = [
                (code, words)
                for code, words in Channel.choices
                if not (code == Channel.INSIDE and (line.unit_id is None or line.trouble))
                and not (code == Channel.EMAIL and self.document and not rules.may_mail(self.document.label))
            ]
            empty = [] if line.channel else [("", _("Choose …"))]
            self.fields[f"channel_{line.addressee_id}"] = forms.ChoiceField(
                label=line.name, choices=[*empty, *ways], initial=line.channel
            )
            self.fields[f"email_{line.addressee_id}"] = forms.EmailField(
                label=_("E-mail of %(name)s") % {"name": line.name}, required=False, initial=line.email
            )

    def lines(self) -> Iterator[dict[str, Any]]:
        """Each addressee with its fields, for the template."""
        for line in self.plan:
            yield {
                "line": line,
                "hint": "; ".join(
                    str(part)
                    for part in (AddresseePart.COPY.label if line.part == AddresseePart.COPY else "", line.postal)
                    if part
                ),
                "channel": self[f"channel_{line.addressee_id}"],
                "email": self[f"email_{line.addressee_id}"],
            }

    def clean(self) -> dict[str, Any]:
        """An e-mail needs an address."""
        found: Mapping[str, Any] = super().clean() or self.cleaned_data
        choices = {}
        for line in self.plan:
            channel = found.get(f"channel_{line.addressee_id}") or ""
            email = found.get(f"email_{line.addressee_id}") or ""
            if channel == Channel.EMAIL and not email and f"email_{line.addressee_id}" not in self.errors:
                self.add_error(f"email_{line.addressee_id}", _("Write the e-mail address."))
            choices[line.addressee_id] = (channel, email)
        return {"choices": choices}


class AlsoForm(forms.Form):
    """增发: a unit of the directory or somebody outside, how, and why."""

    unit = UnitPicker(label=gettext_lazy("Unit of the directory"), required=False)
    name = forms.CharField(label=gettext_lazy("or somebody outside: name"), max_length=200, required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Goes"), choices=Channel.choices)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    postal = forms.CharField(label=gettext_lazy("Postal address"), max_length=300, required=False)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        found = dict(super().clean() or self.cleaned_data)
        if not found.get("unit") and not (found.get("name") or "").strip():
            self.add_error("unit", _("Choose a unit, or write a name."))
        return found


class AgainForm(forms.Form):
    """Once more, the same way or another."""

    channel = forms.ChoiceField(label=gettext_lazy("Goes"), choices=Channel.choices)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    postal = forms.CharField(label=gettext_lazy("Postal address"), max_length=300, required=False)
