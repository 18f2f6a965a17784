"""Every form field of the house refuses marked text and marked files, at the field, with what was typed still there.

Django asks each bound field to run its validators, whatever form it is in. That is where the house asks too: a form
written tomorrow refuses markings without knowing of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from chancery.foundations.papers import Limits, Unacceptable, examine
from chancery.kernel.records.markings import rules

# What forms have refused while one request was answered: the middleware knows then that the page says so.
refused: ContextVar[list[tuple[str, str]] | None] = ContextVar("chancery_marking_refused", default=None)

# Whether the request that runs now was found marked, and has its trace.
is_traced: ContextVar[bool] = ContextVar("chancery_marking_traced", default=False)

_PLAIN_TEXT = 5 * 1024 * 1024


@contextlib.contextmanager
def traced_already() -> Iterator[None]:
    """What refuses a marking in here leaves no further trace."""
    token = is_traced.set(True)
    try:
        yield
    finally:
        is_traced.reset(token)


def level_of(value: Any) -> str | None:
    """The level of a marking in a field's value: text, manuscript, rows, or a file by name and content."""
    if isinstance(value, UploadedFile):
        return rules.marking_in(value.name or "") or _level_of_file(value)
    if isinstance(value, list | tuple) and any(isinstance(one, UploadedFile) for one in value):
        return next((level for one in value if (level := level_of(one))), None)
    return rules.level_in(value)


def _level_of_file(upload: Any) -> str | None:
    """What the examination of papers reads in a file; a type that it does not know is read as text."""
    source: IO[bytes] = upload.file if upload.file is not None else upload
    try:
        paper = examine(upload.name or "", source, Limits())
    except Unacceptable:
        source.seek(0)
        head = source.read(_PLAIN_TEXT)
        found = rules.marking_in(head.decode("utf-8", "ignore")) or rules.marking_in(head.decode("gb18030", "ignore"))
    else:
        found = rules.marking_in(f"{paper.text}\n{paper.particulars}")
    finally:
        with contextlib.suppress(OSError, ValueError):
            source.seek(0)
    return found


def install() -> None:
    """Have every field ask. Once a process, from the app's `ready`."""
    ask = forms.Field.run_validators
    if getattr(ask, "asks_for_markings", False):
        return

    def run_validators(self: forms.Field, value: Any) -> None:
        if (level := level_of(value)) is not None:
            if (told := refused.get()) is not None:
                told.append((type(self).__name__, level))
            raise ValidationError(rules.SENTENCE, code="secret_marking")
        ask(self, value)

    run_validators.asks_for_markings = True  # type: ignore[attr-defined]  # so that it is put in once
    forms.Field.run_validators = run_validators  # type: ignore[method-assign]  # Django has no hook over all fields
