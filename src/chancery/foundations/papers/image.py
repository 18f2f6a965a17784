"""Images: whether they open, how many pages, what their text fields say."""

from __future__ import annotations

import io
import warnings
from typing import IO

from PIL import Image, UnidentifiedImageError

from chancery.foundations.papers.faults import Fault, Unacceptable

_FORMATS = ("PNG", "JPEG", "TIFF")
MOST_PIXELS = 250_000_000  # an A0 scan at 300 dpi has 140 million


def read(content: IO[bytes]) -> tuple[int, str]:
    """Pages (frames) and the text fields of an image's header. The pixels are not decoded."""
    with _image(content) as image:
        texts = [str(value) for value in image.info.values() if isinstance(value, str)]
        for value in image.getexif().values():
            if isinstance(value, bytes):
                texts.append(value.decode("utf-8", "ignore"))
            elif isinstance(value, str):
                texts.append(value)
        return int(getattr(image, "n_frames", 1)), "\n".join(texts).replace("\x00", "")


def page_image(content: IO[bytes], number: int, *, width: int) -> bytes:
    """A page (from 0) as PNG at most `width` pixels wide."""
    with _image(content) as image:
        if not 0 <= number < int(getattr(image, "n_frames", 1)):
            raise IndexError(number)
        try:
            image.seek(number)
            plain = image.convert("RGB")
        except (OSError, ValueError, SyntaxError):
            raise Unacceptable(Fault.DAMAGED) from None
        plain.thumbnail((width, width * 4))
        out = io.BytesIO()
        plain.save(out, "PNG")
        return out.getvalue()


def _image(content: IO[bytes]) -> Image.Image:
    content.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(content, formats=_FORMATS)
    except Image.DecompressionBombError:
        raise Unacceptable(Fault.EXPANDS_TOO_FAR) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise Unacceptable(Fault.DAMAGED) from None
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise Unacceptable(Fault.EXPANDS_TOO_FAR)
    return image
