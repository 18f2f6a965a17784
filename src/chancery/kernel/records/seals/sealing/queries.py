"""Making a sealed PDF out of a PDF. Nothing is stored here.

pyHanko signs; three of its habits are kept off, because the paper stays the PDF/A-2b it was: it neither rewrites the
metadata (XMP would no longer be what was set), nor lifts the version to 2.0, nor enters extensions of PDF 2.0.
"""

from __future__ import annotations

import datetime as dt
import io
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.stamp import StaticStampStyle

from chancery.foundations.verdict import Refused
from chancery.kernel.records.seals.sealing import rules
from chancery.kernel.records.seals.terms import SealPlace

_POINTS = 72 / 25.4
#: How long a time-stamp authority may keep us, in seconds: a keeper waits for it.
_TSA_PATIENCE = 10


class CannotSeal(Refused):
    """The paper, or the authority for the time, does not let a seal be put on."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a signature says of itself in the viewer."""

    name: str
    reason: str
    location: str
    contact: str


class _Writer(IncrementalPdfFileWriter):
    """Appends a signature and nothing else."""

    def _update_meta(self) -> None:
        """The metadata stay as they were set."""

    def ensure_output_version(self, version: Any) -> None:
        """The paper stays the PDF 1.7 that PDF/A-2 asks for."""

    def register_extension(self, ext: Any) -> None:
        """Only the one of PAdES, which PDF 1.7 knows."""
        if str(ext.prefix_name) == "/ESIC":
            super().register_extension(ext)


class _At(PdfSigner):
    """Signs at the instant of the act, not of the machine's clock."""

    instant: dt.datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.instant
        return session


def page_sizes_mm(pdf: bytes) -> list[tuple[float, float]]:
    """Breadth and height of each page; `CannotSeal` when this is no PDF that can be read without a password."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            if opened.is_encrypted:
                raise CannotSeal(_("An encrypted PDF cannot be sealed."), field="pdf")
            boxes = [[float(edge) for edge in page.mediabox] for page in opened.pages]
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError) as error:
        raise CannotSeal(_("This is not a PDF that can be sealed."), field="pdf") from error
    return [((right - left) / _POINTS, (top - bottom) / _POINTS) for left, bottom, right, top in boxes]


def sealed(
    pdf: bytes,
    *,
    signer: Signer,
    impression: bytes,
    diameter_mm: float,
    places: Sequence[SealPlace],
    words: Words,
    code: str,
    at: dt.datetime,
) -> bytes:
    """The PDF with the seal at each place: one signature a place, each with the whole paper before it under it.

    The first signature of a paper certifies it (DocMDP): from then on anything but further signatures breaks it.
    """
    sizes = page_sizes_mm(pdf)
    rules.are_places(places, sizes, diameter_mm).demand()
    timestamper = HTTPTimeStamper(settings.SEAL_TSA_URL, timeout=_TSA_PATIENCE) if settings.SEAL_TSA_URL else None
    try:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as drawn:
            drawn.write(impression)
            drawn.flush()
            for place in places:
                pdf = _signed(
                    pdf,
                    signer=signer,
                    timestamper=timestamper,
                    style=StaticStampStyle(background=ImportedPdfPage(drawn.name), border_width=0),
                    box=_box(place, sizes[place.page][1], diameter_mm),
                    page=place.page,
                    words=words,
                    code=code,
                    at=at,
                )
    except (TimestampRequestError, OSError) as error:
        if timestamper is None:
            raise
        raise CannotSeal(
            _("The time-stamp authority did not answer; nothing was sealed. Try again, or tell the administrator.")
        ) from error
    except (SigningError, PdfError) as error:
        raise CannotSeal(
            _("This PDF does not take a further seal (%(reason)s).") % {"reason": str(error)[:200]}, field="pdf"
        ) from error
    return pdf


def _signed(
    pdf: bytes,
    *,
    signer: Signer,
    timestamper: Any,
    style: StaticStampStyle,
    box: tuple[float, float, float, float],
    page: int,
    words: Words,
    code: str,
    at: dt.datetime,
) -> bytes:
    writer = _Writer(io.BytesIO(pdf))
    is_first = not list(fields.enumerate_sig_fields(writer.prev, filled_status=True))
    name = f"Seal-{code}-{secrets.token_hex(4)}"
    pdf_signer = _At(
        PdfSignatureMetadata(
            field_name=name,
            md_algorithm="sha256",
            name=words.name,
            reason=words.reason,
            location=words.location,
            contact_info=words.contact,
            certify=is_first,
            docmdp_permissions=fields.MDPPerm.FILL_FORMS,
            subfilter=fields.SigSeedSubFilter.PADES,
        ),
        signer,
        timestamper=timestamper,
        stamp_style=style,
        new_field_spec=fields.SigFieldSpec(
            name,
            on_page=page,
            box=box,  # type: ignore[arg-type]  # pyHanko says int and takes numbers; a millimetre is 2.83 points
            readable_field_name=words.name,
            visible_sig_settings=fields.VisibleSigSettings(
                rotate_with_page=True, scale_with_page_zoom=True, print_signature=True
            ),
        ),
    )
    pdf_signer.instant = at
    out = io.BytesIO()
    pdf_signer.sign_pdf(writer, output=out)
    return out.getvalue()


def _box(place: SealPlace, page_height_mm: float, diameter_mm: float) -> tuple[float, float, float, float]:
    """The seal in its own size in the middle of its place; from the lower left, in points."""
    left = (place.x_mm + (place.width_mm - diameter_mm) / 2) * _POINTS
    bottom = (page_height_mm - place.y_mm - (place.height_mm + diameter_mm) / 2) * _POINTS
    size = diameter_mm * _POINTS
    return (round(left, 3), round(bottom, 3), round(left + size, 3), round(bottom + size, 3))
