"""Input cleaned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations.words import words
from chancery.kernel.directory.models import Unit
from chancery.kernel.publishing.notices import queries
from chancery.kernel.publishing.notices.terms import LONGEST_TITLE, SAFE, UNSAFE_ENDINGS, ItemVerdict

OFFERED = [ending for kind in SAFE for ending in kind.endings if ending not in UNSAFE_ENDINGS]


class NoticeForm(forms.Form):
    """A notice in both languages, side by side."""

    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    title_en = forms.CharField(label=_("Title in English"), max_length=LONGEST_TITLE)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=LONGEST_TITLE)
    text_en = forms.CharField(
        label=_("Text in English"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("A blank line parts paragraphs."),
    )
    text_zh = forms.CharField(
        label=_("Text in Chinese"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("A blank line parts paragraphs."),
    )

    def __init__(self, *args: Any, unit_ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Unit.objects.filter(pk__in=unit_ids).order_by("pk")
        self.fields["unit"].choices = [(row.pk, words(row)) for row in rows]  # type: ignore[attr-defined]  # it is a choice field

    @property
    def title(self) -> tuple[str, str]:
        """(English, Chinese)."""
        return self.cleaned_data["title_en"], self.cleaned_data["title_zh"]

    @property
    def text(self) -> tuple[str, str]:
        """(English, Chinese)."""
        return self.cleaned_data["text_en"], self.cleaned_data["text_zh"]


class FileForm(forms.Form):
    """An attachment, and what it is in both languages."""

    title_en = forms.CharField(label=_("What it is, in English"), max_length=LONGEST_TITLE)
    title_zh = forms.CharField(label=_("What it is, in Chinese"), max_length=LONGEST_TITLE)
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in OFFERED)}),
    )

    def __init__(self, *args: Any, limits: tuple[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "PDF, OFD, PNG, JPEG, TXT or CSV, at most %(mb)s MB; at most %(most)s with a notice. What stands in the"
            " file's properties, its author for instance, goes out with it."
        ) % {"most": limits[0], "mb": limits[1]}


class WithdrawForm(forms.Form):
    """Why a notice is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("It stays in the house; the public is told the day alone.")
    )


class ReviewForm(forms.Form):
    """One verdict an item."""

    def __init__(self, *args: Any, matter: Any = None, task: Any = None, by: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in queries.items_of(queries.notice_id_of(matter)):
            name = _("Title") if row.position == 0 else _("Paragraph %(n)s") % {"n": row.position}
            self.fields[f"verdict_{row.pk}"] = forms.ChoiceField(
                label=name, choices=ItemVerdict.choices, widget=forms.RadioSelect
            )
            self.fields[f"reason_{row.pk}"] = forms.CharField(
                label=_("%(item)s: why not") % {"item": name}, max_length=500, required=False
            )
        for file in queries.files_of(queries.notice_id_of(matter)):
            name = _("Attachment %(name)s") % {"name": file.name}
            self.fields[f"file_verdict_{file.pk}"] = forms.ChoiceField(
                label=name, choices=ItemVerdict.choices, widget=forms.RadioSelect
            )
            self.fields[f"file_reason_{file.pk}"] = forms.CharField(
                label=_("%(item)s: why not") % {"item": name}, max_length=500, required=False
            )
