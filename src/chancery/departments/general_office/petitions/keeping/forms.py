"""Input of filing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.records.archive.placing import queries as placing


class FileForm(forms.Form):
    """Class and period: what the plan proposes, or others."""

    file_class = forms.ChoiceField(label=_("Class"))
    retention = forms.ChoiceField(label=_("Kept for"))

    def __init__(self, *args: Any, thing: placing.Thing, **kwargs: Any) -> None:
        file_class, retention, why = placing.proposed(thing)
        kwargs["initial"] = {"file_class": file_class, "retention": retention}
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("file_class", placing.class_choices(thing)),
            ("retention", placing.period_choices(thing)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = choices
        self.fields["file_class"].help_text = why
        self.fields["retention"].help_text = _("Not shorter than the period of the class; longer with good reason.")
