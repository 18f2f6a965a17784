"""A puzzle for the slow lane of `proof`, asked only past its rate: digits in an image, a question in words beside it.

Drawn here, signed like the challenge, used once. Either answer will do: whoever cannot see the image answers the
question, which is text like any other.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import io
import secrets
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

SALT = "chancery.proof.puzzle"
MINUTES = 15
DIGITS = 6
_WIDTH, _HEIGHT = 240, 72
_FONT = Path(__file__).resolve().parents[1] / "fonts" / "NotoSansSC-Regular.ttf"


@dataclass(frozen=True, slots=True)
class Puzzle:
    """What the component prints: the signed puzzle, the image as a data: address, the question in words."""

    token: str
    image: str
    question: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A puzzle that came back: the hashes of both right answers."""

    nonce: str
    answers: tuple[str, ...]
    expires_at: dt.datetime


def make(form: str, *, at: dt.datetime) -> Puzzle:
    """A new puzzle for a form."""
    nonce = secrets.token_urlsafe(12)
    digits = "".join(secrets.choice("234567890") for _digit in range(DIGITS))
    question, answer = _question()
    told = {"f": form, "n": nonce, "t": int(at.timestamp()), "a": [_hash(nonce, digits), _hash(nonce, answer)]}
    return Puzzle(signing.dumps(told, salt=SALT), _drawn(digits), question)


def read(token: str, form: str, *, at: dt.datetime) -> Asked | None:
    """A puzzle that came back; None when it is not ours, not of this form, or too old."""
    try:
        told = signing.loads(token, salt=SALT)
        began = dt.datetime.fromtimestamp(told["t"], dt.UTC)
        expires = began + dt.timedelta(minutes=MINUTES)
        return Asked(told["n"], tuple(told["a"]), expires) if told["f"] == form and expires >= at else None
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def is_answer(puzzle: Asked, typed: str) -> bool:
    """Whether one of the two was answered."""
    kept = "".join(unicodedata.normalize("NFKC", typed[:40]).split())
    given = _hash(puzzle.nonce, kept)
    return any(hmac.compare_digest(given, right) for right in puzzle.answers)


def _hash(nonce: str, answer: str) -> str:
    # Keyed: nine digits could otherwise be tried out against what stands in the page.
    return hmac.new(settings.SECRET_KEY.encode(), f"puzzle|{nonce}|{answer}".encode(), sha256).hexdigest()


def _question() -> tuple[str, str]:
    """A sum told in words, in the reader's language; its answer in digits."""
    words = [_("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine")]
    first, second, third = (1 + secrets.randbelow(9) for _turn in range(3))
    said = {"first": words[first - 1], "second": words[second - 1], "third": words[third - 1]}
    if secrets.randbelow(2):
        text = (
            _("In a room there are %(first)s chairs; %(second)s are brought and then %(third)s more. How many?") % said
        )
    else:
        text = _("Somebody buys %(first)s pens, %(second)s stamps and %(third)s envelopes. How many things?") % said
    return text, str(first + second + third)


def _drawn(digits: str) -> str:
    image = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    pen = ImageDraw.Draw(image)
    random = secrets.SystemRandom()
    for _line in range(7):
        ends = [(random.randrange(_WIDTH), random.randrange(_HEIGHT)) for _end in range(2)]
        pen.line(ends, fill=random.choice(("#9aa7b3", "#b9a58f", "#a3b7a0")), width=2)
    left = 14.0
    for digit in digits:
        font = ImageFont.truetype(str(_FONT), random.randint(34, 44))
        tile = Image.new("RGBA", (54, 64), (0, 0, 0, 0))
        ImageDraw.Draw(tile).text((10, 2), digit, font=font, fill=random.choice(("#1f2933", "#164a75", "#6b2a24")))
        turned = tile.rotate(random.uniform(-24, 24), resample=Image.Resampling.BICUBIC)
        image.paste(turned, (round(left), random.randint(0, 8)), turned)
        left += random.uniform(32, 36)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
