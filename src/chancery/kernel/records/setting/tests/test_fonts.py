"""Fonts by role: the house's, a site's own, and what happens when one is not there."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from chancery.foundations import typeset
from chancery.kernel.records.setting import UnknownFont, queries, rules, set_paper
from chancery.kernel.records.setting.terms import HOUSE_FONTS, Role

from .samples import paper


def fonts_of(content: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(content)) as opened:
        return {
            str(font.BaseFont).split("+")[-1].lower()
            for page in opened.pages
            for font in page.Resources.get("/Font", {}).values()
        }


@pytest.fixture
def own_fonts(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A data directory with a folder of fonts, and a process that has read none yet."""
    caches = typeset._font_book, typeset._families, typeset.covered, queries._fonts_in_use
    settings.CHANCERY_HOME = tmp_path
    (tmp_path / "fonts").mkdir()
    for cache in caches:
        cache.cache_clear()
    yield tmp_path / "fonts"
    for cache in caches:
        cache.cache_clear()


def test_every_role_has_a_font_of_the_house() -> None:
    assert set(HOUSE_FONTS) == set(Role)
    assert rules.lacking(HOUSE_FONTS, typeset.families()) == []


def test_a_paper_is_set_in_the_faces_of_the_standard() -> None:
    found = fonts_of(set_paper(paper()).pdf)
    for face in ("fandolfang", "notosanssc", "lxgwwenkai", "notoserifsc-bold"):
        assert any(name.startswith(face) for name in found), (face, found)


def test_a_site_maps_its_own_face(own_fonts: Path, settings: Any) -> None:
    shutil.copy(typeset.FONTS / "SourceSerif4-Regular.ttf", own_fonts)
    settings.CHANCERY_FONTS = "fangsong=Noto Serif SC; kaiti = FandolFang R;"
    found = fonts_of(set_paper(paper()).pdf)
    assert any(name.startswith("notoserifsc-regular") for name in found)
    assert not any(name.startswith("lxgw") for name in found)


@pytest.mark.parametrize("setting", ["fangsong=FangSong_GB2312", "xiaobiaosong=FZXiaoBiaoSong-B05S"])
def test_a_face_that_is_not_there_is_never_replaced(settings: Any, setting: str) -> None:
    settings.CHANCERY_FONTS = setting
    with pytest.raises(UnknownFont, match=setting.split("=")[1]):
        set_paper(paper())


@pytest.mark.parametrize("setting", ["fangsong", "songti=X", "fangsong="])
def test_a_mapping_that_cannot_be_read_says_what_the_roles_are(settings: Any, setting: str) -> None:
    settings.CHANCERY_FONTS = setting
    with pytest.raises(UnknownFont, match="fangsong, heiti, kaiti"):
        set_paper(paper())
