"""Registering seals, handing them on, putting them away."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.seals import queries, services
from chancery.kernel.records.seals.impressions.queries import drawn
from chancery.kernel.records.seals.impressions.rules import BadImpression
from chancery.kernel.records.seals.tests.office import NOON, TODAY, affix, paper, register

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4" fill="#c00"/></svg>'


def _png(mode: str = "RGB", side: int = 200) -> bytes:
    picture = Image.new(mode, (side, side), (255,) * len(mode) if mode != "RGBA" else (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((10, 10, side - 10, side - 10), outline=(200, 0, 0, 255)[: len(mode)], width=12)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _pixel(pdf: bytes, x: float, y: float) -> tuple[int, ...]:
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=2, fill_color=(255, 255, 255, 0)).to_pil().convert("RGBA")
    return picture.getpixel((int(picture.width * x), int(picture.height * y)))


def test_the_units_registrar_registers_a_seal_with_keeper_impression_and_certificate(cast: Any) -> None:
    seal = register(cast)
    with acting_as(cast.archivist):
        assert queries.impression_of(queries.seal(seal.pk)).startswith(b"%PDF")
        certificate = queries.certificate_of(seal.pk)
    assert certificate is not None
    assert "GO-1" in certificate.subject
    assert certificate.not_before <= NOON <= certificate.not_after


def test_who_holds_no_such_role_registers_no_seal(cast: Any) -> None:
    for by in (cast.archivist, cast.outsider, cast.administrator):
        with pytest.raises(Refused, match="head or registrar"):
            register(cast, by=by)
    with pytest.raises(Refused, match="head or registrar"):
        register(cast, unit_id=cast.units["PF"])  # the General Office's registrar, for another department


@pytest.mark.parametrize(
    ("facts", "field", "says"),
    [
        ({"diameter_mm": Decimal("50.1"), "kind": "SOCIETY"}, "diameter_mm", "at most (45|50) mm"),
        ({"diameter_mm": Decimal("9")}, "diameter_mm", "smaller than 10"),
        ({"valid_to": dt.date(2026, 1, 1)}, "valid_to", "after the start"),
        ({"legal_name": "秘密★1年学会"}, "legal_name", "marking"),
        ({"legal_name": "\U00013000学会"}, "legal_name", "No font here"),
        ({"code": "go 1"}, "code", "well formed"),
        ({"unit_id": 999_999}, "unit", "head or registrar|no such unit"),
        ({"key_store": "PKCS12"}, "key_store", "No directory"),
        ({"key_store": "PKCS11"}, "key_store", "No PKCS#11 module"),
    ],
)
def test_a_seal_against_the_rules_is_refused_at_its_field(
    cast: Any, facts: dict[str, Any], field: str, says: str
) -> None:
    with pytest.raises(Refused, match=says) as refused:
        register(cast, by=SYSTEM, **facts)
    assert refused.value.field == field


def test_a_code_is_given_once_also_across_units_that_one_does_not_see(cast: Any) -> None:
    register(cast, by=SYSTEM, code="X-1", unit_id=cast.units["PF"])
    with pytest.raises(Refused, match="Another seal has this code"):
        register(cast, code="X-1")


@pytest.mark.cn
def test_a_society_seal_of_more_than_45_mm_is_refused_with_the_basis(cast: Any) -> None:
    with pytest.raises(Refused, match="at most 45 mm") as refused:
        register(cast, kind="SOCIETY", diameter_mm=Decimal("45.1"))
    assert "art. 14" in refused.value.basis


def test_a_society_seal_is_drawn_red_with_its_star_and_see_through(settings: Any) -> None:
    settings.PROFILE = "cn"
    seal = drawn(kind="SOCIETY", legal_name="中国样例学会", diameter_mm=Decimal(45))
    star, ground = _pixel(seal, 0.5, 0.5), _pixel(seal, 0.5, 0.85)
    assert star[0] > 180
    assert max(star[1:3]) < 80
    assert ground[3] == 0
    width, height = pypdfium2.PdfDocument(seal)[0].get_size()
    assert (round(width / 72 * 25.4, 1), round(height / 72 * 25.4, 1)) == (45.0, 45.0)


def test_in_the_neutral_profile_it_is_a_plain_double_ring(settings: Any) -> None:
    settings.PROFILE = "neutral"
    seal = drawn(kind="SOCIETY", legal_name="Sample Society", diameter_mm=Decimal(45))
    assert _pixel(seal, 0.5, 0.5)[3] == 0


@pytest.mark.parametrize("name", ["印", "办公厅", "中国科学技术协会" * 4, "A" * 60, "Ⅷ（办）·No 2"])
def test_any_name_fits_round_the_seal(settings: Any, name: str) -> None:
    assert drawn(kind="CONTRACT", legal_name=name, diameter_mm=Decimal(42)).startswith(b"%PDF")


@pytest.mark.parametrize("picture", [_png("RGB"), _png("L"), _png("RGBA"), SVG])
def test_an_uploaded_impression_becomes_see_through(cast: Any, picture: bytes) -> None:
    seal = register(cast, impression=picture)
    with acting_as(cast.archivist):
        made = queries.impression_of(queries.seal(seal.pk))
    assert _pixel(made, 0.02, 0.02)[3] == 0
    assert validates(cast, seal)


def validates(cast: Any, seal: Any) -> bool:
    from chancery.kernel.records.seals.checking.queries import validate

    return validate(affix(cast, seal, paper()).pdf).is_trusted


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        (b"GIF89a....", "cannot be read"),
        (b"\x89PNG\r\n\x1a\n broken", "cannot be read"),
        (b"<html/>", "cannot be read"),
        (b"<svg", "cannot be read"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>', "cannot be read"),
        (
            b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
            b'<image xlink:href="file:///etc/passwd"/></svg>',
            "refers to another file",
        ),
        (b"x" * (2 * 1024 * 1024 + 1), "at most 2 MB"),
    ],
)
def test_a_picture_that_cannot_be_an_impression_is_refused(cast: Any, picture: bytes, says: str) -> None:
    with pytest.raises(BadImpression, match=says) as refused:
        register(cast, impression=picture)
    assert refused.value.field == "impression"


def test_a_seal_is_handed_on_with_a_reason_and_the_former_keeper_sees_it_no_longer(cast: Any, seal: Any) -> None:
    with pytest.raises(Refused, match="Say why"):
        services.change_keeper(
            seal_id=seal.pk, keeper_post_id=cast.chaser.post_id, reason=" ", by=cast.registrar, at=NOON
        )
    with pytest.raises(Refused, match="keeps the seal already"):
        services.change_keeper(
            seal_id=seal.pk, keeper_post_id=cast.archivist.post_id, reason="x", by=cast.registrar, at=NOON
        )
    services.change_keeper(
        seal_id=seal.pk, keeper_post_id=cast.chaser.post_id, reason="new duties", by=cast.registrar, at=NOON
    )
    for who, seen in ((cast.archivist, False), (cast.chaser, True), (cast.registrar, True)):
        with acting_as(who):
            assert (queries.seal(seal.pk) is not None) is seen
    with pytest.raises(Refused, match="Only the keeper"):
        affix(cast, seal, paper())
    assert affix(cast, seal, paper(), by=cast.chaser).use_id


def test_the_keeper_alone_neither_hands_on_nor_retires_the_seal(cast: Any, seal: Any) -> None:
    with pytest.raises(Refused, match="head or registrar"):
        services.retire_seal(seal_id=seal.pk, reason="x", by=cast.archivist, at=NOON)
    with pytest.raises(Refused, match="no such seal"):
        services.retire_seal(seal_id=seal.pk, reason="x", by=cast.outsider, at=NOON)


def test_a_seal_is_put_away_with_a_reason_not_in_the_future_nor_before_its_last_use(cast: Any, seal: Any) -> None:
    affix(cast, seal, paper())
    tomorrow = NOON + dt.timedelta(days=1)
    with clock.fixed_at(tomorrow):
        for on, reason, says in (
            (TODAY, " ", "Say why"),
            (TODAY + dt.timedelta(days=2), "x", "not in the future"),
            (TODAY - dt.timedelta(days=1), "x", "not in use yet|used after"),
        ):
            with pytest.raises(Refused, match=says):
                services.retire_seal(seal_id=seal.pk, reason=reason, on=on, by=cast.registrar, at=tomorrow)
        services.retire_seal(seal_id=seal.pk, reason="worn out", by=cast.registrar, at=tomorrow)
        with pytest.raises(Refused, match="put away and stays so"):
            services.retire_seal(seal_id=seal.pk, reason="again", by=cast.registrar, at=tomorrow)
        with pytest.raises(Refused, match="put away and stays so"):
            services.change_keeper(
                seal_id=seal.pk, keeper_post_id=cast.chaser.post_id, reason="x", by=cast.registrar, at=tomorrow
            )
        services.seal_up(seal_id=seal.pk, reason="body renamed", by=cast.registrar, at=tomorrow)
        with pytest.raises(Refused, match="put away and stays so"):
            services.seal_up(seal_id=seal.pk, reason="again", by=cast.registrar, at=tomorrow)


def test_a_renewed_certificate_seals_on_and_the_old_paper_still_checks(cast: Any, seal: Any) -> None:
    from chancery.kernel.records.seals.checking.queries import validate

    old = affix(cast, seal, paper())
    services.renew_certificate(seal_id=seal.pk, key_store="LOCAL", by=cast.registrar, at=NOON)
    new = affix(cast, seal, paper())
    assert (validate(old.pdf).is_trusted, validate(new.pdf).is_trusted) == (True, True)
    with acting_as(cast.registrar):
        assert len(queries.certificates_of(seal.pk)) == 2
