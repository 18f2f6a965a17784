"""Drawing an impression, or taking it from an upload. Both become a one-page PDF of the seal's size."""

from __future__ import annotations

import io
import tempfile
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from lxml import etree
from PIL import Image, ImageChops, UnidentifiedImageError

from chancery.foundations import typeset
from chancery.kernel.records.seals.impressions import rules
from chancery.kernel.records.seals.impressions.rules import BadImpression
from chancery.kernel.records.seals.terms import SealKind

_TEMPLATE = Path(__file__).resolve().parents[2] / "templates" / "records" / "seals" / "impression.typ"
_RED, _SLATE = "#d7141a", "#2b3a67"
#: What stands below the device of seals for one purpose.
_PURPOSE = {
    SealKind.FINANCE: ("Finance", "财务专用章"),
    SealKind.CONTRACT: ("Contracts", "合同专用章"),
    SealKind.SPECIAL: ("Special purpose", "专用章"),
}


def drawn(*, kind: str, legal_name: str, diameter_mm: Decimal) -> bytes:
    """A round seal in the manner of the site's profile: red with a star (cn), or a plain double ring (neutral)."""
    rules.can_be_cut(typeset.missing_in(legal_name)).demand()
    is_cn = settings.PROFILE == "cn"
    purpose = _PURPOSE.get(SealKind(kind), ("", ""))[1 if is_cn else 0]
    return typeset.pdf(
        _TEMPLATE,
        {
            "diameter": float(diameter_mm),
            "ink": _RED if is_cn else _SLATE,
            "name": legal_name,
            "line": purpose,
            "is_double": not is_cn,
            "has_star": is_cn,
            "ring": 0.028 if is_cn else 0.012,
            "star": 0.155,
            "inset": 0.06 if is_cn else 0.085,
            **_measures(legal_name, purpose),
        },
    )


def taken_from(content: bytes, *, diameter_mm: Decimal) -> bytes:
    """An uploaded PNG or SVG as an impression. A white ground becomes transparent: the seal stands on the text."""
    if len(content) > rules.LARGEST_UPLOAD:
        raise BadImpression(_("An impression is at most 2 MB."), field="impression")
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        name, picture = "impression.png", _transparent(content)
    else:
        name, picture = "impression.svg", _plain_svg(content)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(picture)
        template = Path(folder) / _TEMPLATE.name
        template.write_bytes(_TEMPLATE.read_bytes())
        try:
            return typeset.pdf(template, {"diameter": float(diameter_mm), "ink": _RED, "picture": name})
        except typeset.BadTemplate as error:
            raise BadImpression(_("This picture cannot be read as PNG or SVG."), field="impression") from error


def _measures(name: str, purpose: str) -> dict[str, float]:
    """Sizes of the letters as parts of the diameter: few letters are large and stand apart, many are small. A line
    below the device needs the arc to end earlier."""
    width = sum(1.0 if ord(char) > 0x2E7F else 0.5 for char in name)
    arc, room = (225.0, 1.42) if purpose else (270.0, 1.75)
    letter = max(min(0.145, room / max(width, 1)), 0.05)
    return {"letter": letter, "arc": arc, "spread": 1.75 if width < 12 else 1.35, "line_letter": 0.08}


def _transparent(content: bytes) -> bytes:
    """A PNG whose ground is transparent: where there is no alpha channel, whiteness becomes transparency."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["PNG"]) as opened:
                if max(opened.size) > rules.LARGEST_SIDE:
                    raise BadImpression(
                        _("The picture is larger than %(side)s pixels a side.") % {"side": rules.LARGEST_SIDE},
                        field="impression",
                    )
                picture: Any = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise BadImpression(_("This picture cannot be read as PNG or SVG."), field="impression") from error
    red, green, blue, alpha = picture.split()
    if alpha.getextrema()[0] == 255:
        darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
        alpha = ImageChops.invert(darkest)
        picture.putalpha(alpha)
    if alpha.getbbox() is None:
        raise BadImpression(_("The picture is empty."), field="impression")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _plain_svg(content: bytes) -> bytes:
    """An SVG that draws with its own lines only: no document type, no reference to another file."""
    try:
        root = etree.fromstring(
            content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        )
    except etree.XMLSyntaxError as error:
        raise BadImpression(_("This picture cannot be read as PNG or SVG."), field="impression") from error
    tag = etree.QName(root).localname if isinstance(root.tag, str) else ""
    if tag != "svg" or root.getroottree().docinfo.internalDTD is not None:
        raise BadImpression(_("This picture cannot be read as PNG or SVG."), field="impression")
    for element in root.iter():
        for name, value in element.attrib.items():
            if etree.QName(name).localname == "href" and not str(value).startswith("#"):
                raise BadImpression(
                    _("The picture refers to another file; it must be whole by itself."), field="impression"
                )
    return content
