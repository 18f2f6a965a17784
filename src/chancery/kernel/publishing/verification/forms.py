"""Input cleaned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.publishing.verification import rules

_MB = 1024 * 1024


class CodeForm(forms.Form):
    """The code as it stands on the paper; spaces, dashes and case do not matter."""

    code = forms.CharField(
        label=_("Code on the document"),
        max_length=rules.LONGEST_TYPED,
        help_text=_("16 letters and digits, printed at the end of the document, for example 7K3M-9QX2-4TBW-0HVE."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """The code in groups."""
        read = rules.read_code(self.cleaned_data["code"])
        if not read:
            raise forms.ValidationError(
                _("A code has 16 letters and digits; the letters I, L, O and U do not occur in it. Compare it again.")
            )
        return rules.grouped(read)


class FileForm(forms.Form):
    """A file that somebody holds."""

    file = forms.FileField(
        label=_("PDF file"),
        allow_empty_file=True,
        help_text=_("The file is looked at and forgotten: nothing of it is kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def __init__(self, *args: Any, most_mb: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most_mb = most_mb

    def clean_file(self) -> bytes:
        """The content, if it is no larger than may be checked."""
        held = self.cleaned_data["file"]
        if held.size > self.most_mb * _MB:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB, the most that is checked here."), params={"most": self.most_mb}
            )
        content: bytes = held.read()
        return content
