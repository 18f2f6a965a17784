"""PDF: text, page count, attachments, page images. PDFium is not safe across threads, so one lock guards it."""

from __future__ import annotations

import contextlib
import ctypes
import io
import threading
from collections.abc import Iterator
from typing import IO, Any

import pypdfium2
import pypdfium2.raw as raw

from chancery.foundations.papers.faults import Fault, Unacceptable

_lock = threading.RLock()
_ANNOTATION_KEYS = (b"Contents", b"V", b"TU")  # note text, field value, field's spoken name


@contextlib.contextmanager
def opened(content: IO[bytes]) -> Iterator[Any]:
    """The open document, with PDFium locked for this thread."""
    with _lock:
        content.seek(0)
        try:
            document = pypdfium2.PdfDocument(content, autoclose=False)
        except pypdfium2.PdfiumError as error:
            locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()
            raise Unacceptable(Fault.ENCRYPTED if locked else Fault.DAMAGED) from None
        try:
            yield document
        finally:
            document.close()


def read(content: IO[bytes]) -> tuple[int, str, str, list[tuple[str, bytes]]]:
    """Pages, text (page text, notes, form values), particulars (title, author …), attached files as (name, content)."""
    with opened(content) as document:
        pages = len(document)
        if not pages:
            raise Unacceptable(Fault.DAMAGED)
        particulars = "\n".join(value for value in document.get_metadata_dict(skip_empty=True).values() if value)
        texts: list[str] = []
        for number in range(pages):
            try:
                page = document[number]
            except pypdfium2.PdfiumError:
                raise Unacceptable(Fault.DAMAGED) from None
            words = page.get_textpage()
            texts.append(words.get_text_range().replace("\r\n", "\n").replace("\x02", "").replace("\ufffe", ""))
            texts.extend(_annotation_texts(page))
            words.close()
            page.close()
        attached = []
        for number in range(document.count_attachments()):
            attachment = document.get_attachment(number)
            with contextlib.suppress(pypdfium2.PdfiumError):  # an attachment that is only named has no data
                attached.append((attachment.get_name(), bytes(attachment.get_data())))
    return pages, "\n".join(texts).replace("\x00", ""), particulars, attached


def page_image(content: IO[bytes], number: int, *, width: int) -> bytes:
    """A page (from 0) as PNG of `width` pixels."""
    with opened(content) as document:
        if not 0 <= number < len(document):
            raise IndexError(number)
        page = document[number]
        # A page a hundred times as long as wide would be a bomb of pixels.
        scale = min(width / max(page.get_width(), 1), 4 * width / max(page.get_height(), 1))
        image = page.render(scale=scale, may_draw_forms=False).to_pil()
        page.close()
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _annotation_texts(page: Any) -> list[str]:
    found = []
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        for key in _ANNOTATION_KEYS:
            size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
            if size > 2:  # two zero bytes end an empty UTF-16 string
                buffer = ctypes.create_string_buffer(size)
                raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
                found.append(buffer.raw[: size - 2].decode("utf-16-le", "replace"))
        raw.FPDFPage_CloseAnnot(annotation)
    return found
