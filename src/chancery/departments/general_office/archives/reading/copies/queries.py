"""The watermark, and a file with it on each page."""

from __future__ import annotations

import datetime as dt
import functools
import io
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pikepdf
from django.template.defaultfilters import date as formatted
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from PIL import Image, ImageDraw, ImageFont, ImageOps

from chancery.foundations import typeset
from chancery.foundations.verdict import Refused
from chancery.foundations.words import words
from chancery.kernel.records.archive.models import ItemPart
from chancery.kernel.records.files.queries import open_file, page_image, shown_pages

if TYPE_CHECKING:
    from chancery.departments.general_office.archives.reading.models import ReadingRequest
    from chancery.kernel.records.files.models import StoredFile

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "general_office" / "archives" / "reading"
PDF = "application/pdf"
WIDTH = 1440
MOST_PAGES = 500
ACROSS = 3  # of the lines of the mark, those that run across the page; all of them stand at its foot
SEPARATOR = "   "
#: What of a PDF would leave without a mark, or act by itself: files inside it, what runs when it opens.
LEFT_OUT = ("/AcroForm", "/Names", "/AF", "/OpenAction", "/AA")


def file_of_part(item_id: int, part_id: int) -> StoredFile | None:
    """The file of a part of that item, or None when it is not there for the actor."""
    part = ItemPart.objects.select_related("file").filter(pk=part_id, item_id=item_id).first()
    return part.file if part else None


def lines(request: ReadingRequest, at: dt.datetime, number: int = 0) -> list[str]:
    """What the mark says: reader, day, archival code; then request (and number of the copy) and what it is for."""
    of = request.matter.number if request.matter else str(request.pk)
    return [
        words(request.person),
        formatted(localtime(at), "Y-m-d H:i"),
        request.item.code,
        gettext("Request %(number)s") % {"number": of}
        + (gettext(", copy %(number)s") % {"number": number} if number else ""),
        Truncator(" ".join(request.purpose.split())).chars(48),
    ]


def _chinese() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


def _overlay(said: list[str], width: float, height: float) -> bytes:
    told = {"across": SEPARATOR.join(said[:ACROSS]), "foot": " · ".join(said), "width": width, "height": height}
    return typeset.pdf(TEMPLATES / "mark.typ", told, language=_chinese(), pdf_standard="1.7")


def marked_copy(file: StoredFile, said: list[str]) -> tuple[bytes, int]:
    """The file as a PDF with the mark on each page, and how many pages it has."""
    if file.media_type == PDF:
        with open_file(file) as content:
            return _marked(content.read(), said)
    if shown_pages(file):
        with open_file(file) as content:
            return _marked(_pictured(content), said)
    text = file.text or ""
    if not text.strip():
        raise Refused(gettext("No copy can be made of this kind of file; read it at the archive."))
    plain = typeset.pdf(TEMPLATES / "text.typ", {"title": file.name, "text": text[:400_000]}, language=_chinese())
    return _marked(plain, said)


def _pictured(content: IO[bytes]) -> bytes:
    out = io.BytesIO()
    with Image.open(content) as picture:
        pages = []
        for place in range(min(getattr(picture, "n_frames", 1), MOST_PAGES)):
            picture.seek(place)
            pages.append(_flat(picture))
        pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    return out.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    """Upright, and on white where it is clear."""
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    ground = Image.new("RGBA", upright.size, "white")
    ground.alpha_composite(upright)
    return ground.convert("RGB")


def _marked(content: bytes, said: list[str]) -> tuple[bytes, int]:
    marks: dict[tuple[int, int], pikepdf.Pdf] = {}
    try:
        with pikepdf.open(io.BytesIO(content)) as paper:
            # A signature over the original cannot hold over the copy: it goes, as forms do.
            for name in LEFT_OUT:
                if name in paper.Root:
                    del paper.Root[name]
            for page in paper.pages:
                _without_files(page)
                size = _size(page)
                if size not in marks:
                    marks[size] = pikepdf.open(io.BytesIO(_overlay(said, *size)))
                page.add_overlay(marks[size].pages[0], pikepdf.Rectangle(page.cropbox))
            pages = len(paper.pages)
            out = io.BytesIO()
            paper.save(out)
            return out.getvalue(), pages
    except (pikepdf.PdfError, pikepdf.PasswordError):
        raise Refused(gettext("No copy can be made of this kind of file; read it at the archive.")) from None
    finally:
        for mark in marks.values():
            mark.close()


def _size(page: pikepdf.Page) -> tuple[int, int]:
    """Width and height in points, as the page is shown."""
    left, bottom, right, top = (float(side) for side in page.cropbox.as_list())
    size = round(right - left), round(top - bottom)
    node: Any = page.obj
    while node is not None and "/Rotate" not in node:  # it may be said once for many pages, above them
        node = node.get("/Parent")
    return (size[1], size[0]) if node is not None and int(node["/Rotate"]) % 180 else size


def _without_files(page: pikepdf.Page) -> None:
    """A file pinned to a page does not leave with it."""
    notes = page.obj.get("/Annots")
    if notes is not None:
        page.obj["/Annots"] = pikepdf.Array([one for one in notes if one.get("/Subtype") != "/FileAttachment"])


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(typeset.FONTS / "NotoSansSC-Regular.ttf"), size)


def marked_page(file: StoredFile, number: int, said: list[str]) -> bytes:
    """One page as a picture with the mark across it."""
    with Image.open(io.BytesIO(page_image(file, number, width=WIDTH))) as drawn:
        page = drawn.convert("RGBA")
    veil = Image.new("RGBA", (page.width * 2, page.height * 2), (0, 0, 0, 0))
    pen = ImageDraw.Draw(veil)
    text = SEPARATOR.join(said[:ACROSS])
    font = _font(26)
    step = int(pen.textlength(text, font=font)) + 120
    for row, y in enumerate(range(0, veil.height, 170)):
        for x in range(-(row % 2) * step // 2, veil.width, step):
            pen.text((x, y), text, font=font, fill=(120, 20, 20, 70))
    veil = veil.rotate(28, center=(page.width, page.height))
    left, top = page.width // 2, page.height // 2
    page.alpha_composite(veil.crop((left, top, left + page.width, top + page.height)))
    foot, small = " · ".join(said), _font(20)
    place = ((page.width - pen.textlength(foot, font=small)) / 2, page.height - 40)
    ImageDraw.Draw(page).text(place, foot, font=small, fill=(122, 26, 26))
    out = io.BytesIO()
    page.convert("RGB").save(out, "PNG")
    return out.getvalue()
