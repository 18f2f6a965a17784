"""Extraction, check and compilation of translations."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from chancery.config.commands import words

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
from elsewhere import other
a = _("One")
b = gettext_lazy("Two %(name)s") % {"name": 1}
c = ngettext("%(n)d day", "%(n)d days", 2)
d = pgettext("month", "May")
e = _(a)
f = _(f"built {a}")
g = other("not words")
"""
TEMPLATE = """{% load i18n %}<p title="{% translate "Four" %}">{% trans 'Five "quoted"' context "place" %}</p>
{% blocktranslate with x=y %}Six {{ x }}{% endblocktranslate %}
{% blocktranslate count n=n %}{{ n }} leaf{% plural %}{{ n }} leaves{% endblocktranslate %}
{% include "x.html" with t=_("Seven") %}"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    (folder / "templates" / "office").mkdir(parents=True)
    (folder / "apps.py").write_text("")
    (folder / "views.py").write_text(PYTHON)
    (folder / "templates" / "office" / "page.html").write_text(TEMPLATE)
    monkeypatch.setattr(words, "PACKAGE", tmp_path)
    return folder


def test_words_are_found_in_python_and_templates(app: Path) -> None:
    catalogue = words.read_sources()[app]
    assert catalogue.messages == {
        (None, "One"): None,
        (None, "Two %(name)s"): None,
        (None, "%(n)d day"): "%(n)d days",
        ("month", "May"): None,
        (None, "Four"): None,
        ("place", 'Five "quoted"'): None,
        (None, "Six %(x)s"): None,
        (None, "%(n)s leaf"): "%(n)s leaves",
        (None, "Seven"): None,
    }
    assert catalogue.faults == ["office/views.py:9: words must be one literal, with named placeholders"]


def test_from_extraction_to_a_complete_catalogue(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (app / "views.py").write_text('from django.utils.translation import gettext as _\na = _("Two %(name)s")\n')
    (app / "templates" / "office" / "page.html").unlink()
    assert words.check([]) == 1
    assert "is not translated" in capsys.readouterr().out
    words.extract([])
    path = app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    entries = polib.pofile(str(path))
    assert [entry.msgid for entry in entries] == ["Two %(name)s"]

    entries[0].msgstr = "二 %(nome)s"
    entries.save()
    assert words.check([]) == 1
    assert "other placeholders" in capsys.readouterr().out

    entries[0].msgstr = "二 %(name)s"
    entries.append(polib.POEntry(msgid="Gone", msgstr="已无"))
    entries.save()
    assert words.check([]) == 1
    assert "'Gone' is obsolete" in capsys.readouterr().out

    words.extract([])
    assert words.check([]) == 0
    assert words.compile_stale() == 1
    assert words.compile_stale() == 0
    assert path.with_suffix(".mo").exists()
