"""How alike two texts are, told from keyed hashes; who merges, links and splits, and what may be merged into what.

**Shingles.** A text is folded (NFKC, without case); of Chinese every three characters in a row are a shingle, of other
scripts every three words, each hashed with a key that lies outside the database. **Signature.** For each of 100
permutations the smallest of the hashes is kept (MinHash; Broder 1997): the share of places in which two signatures are
equal estimates how much of their shingles two texts have in common (Jaccard), with a standard error of at most 0.05.
**Bands.** The signature in 20 bands of 5 places, each hashed to one number: two texts that have 80 % in common share a
band in 99.9 of 100 cases, with 60 % in 80, with 30 % in 5. So the index finds few that are not alike.
"""

from __future__ import annotations

import hashlib
import random
import re
import struct
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.rules import WrongState
from chancery.departments.general_office.petitions.terms import ENDED_STATES, OFFICER, REGISTRAR, State
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access import rules as access_rules

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.models import Petition, PetitionCampaign

BANDS, ROWS = 20, 5
PLACES = BANDS * ROWS
RUN = 3
_PRIME = (1 << 61) - 1
_KEPT = (1 << 32) - 1
# Fixed for all time: signatures of different years are compared.
_numbers = random.Random("chancery.petition.likeness")  # noqa: S311 - the permutations are no secret, the key is
_PERMUTATIONS = tuple((_numbers.randrange(1, _PRIME), _numbers.randrange(_PRIME)) for _place in range(PLACES))
_FORMAT = f">{PLACES}I"
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3040-\u30ff\uac00-\ud7af"
_WORDS = re.compile(rf"([{_HAN}]+)|([^\W_{_HAN}]+)")


# --- Hashing ---------------------------------------------------------------------------------------------------------
def shingles(text: str) -> set[str]:
    """Three characters in a row of Chinese, three words in a row of others; a shorter text is its own shingle."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    tokens: list[str] = []
    for match in _WORDS.finditer(folded):
        tokens.extend(match[1] if match[1] else [match[2]])
    if not tokens:
        return set()
    return {"\x1f".join(tokens[place : place + RUN]) for place in range(max(1, len(tokens) - RUN + 1))}


def signature(text: str, mac: Callable[[str], str]) -> bytes:
    """The smallest keyed hash of each permutation, or nothing for a text without words."""
    hashes = [int(mac(one)[:16], 16) % _PRIME for one in shingles(text)]
    if not hashes:
        return b""
    smallest = (min([(a * one + b) % _PRIME for one in hashes]) & _KEPT for a, b in _PERMUTATIONS)
    return struct.pack(_FORMAT, *smallest)


def bands(signed: bytes) -> list[int]:
    """The numbers a signature is found by, one a band; each band has numbers of its own."""
    width = len(signed) // BANDS
    return [
        int.from_bytes(
            hashlib.blake2b(
                signed[place * width : (place + 1) * width], digest_size=8, salt=bytes([place + 1])
            ).digest(),
            "big",
            signed=True,
        )
        for place in range(BANDS if signed else 0)
    ]


def likeness(one: bytes, other: bytes) -> float:
    """The estimate of how much two texts have in common, from 0 to 1."""
    if not one or not other:
        return 0.0
    mine, theirs = struct.unpack(_FORMAT, one), struct.unpack(_FORMAT, other)
    return sum(map(int.__eq__, mine, theirs)) / PLACES


def percent(one: bytes, other: bytes) -> int:
    """The same in hundredths."""
    return round(100 * likeness(one, other))


def clusters(rows: Sequence[tuple[int, Sequence[int], bytes]], *, least: int, many: int) -> list[tuple[int, ...]]:
    """Those of one text among (id, bands, signature) in their order: around the first of each that is in no other yet,
    all that have `least` hundredths in common with it; kept when they are `many`."""
    sharing: dict[int, list[int]] = {}
    for place, (_pk, found_by, _signed) in enumerate(rows):
        for band in found_by:
            sharing.setdefault(band, []).append(place)
    found: list[tuple[int, ...]] = []
    done: set[int] = set()
    for place, (_pk, found_by, signed) in enumerate(rows):
        if place in done:
            continue
        near = sorted({other for band in found_by for other in sharing[band]} - done)
        of_one = [other for other in near if percent(signed, rows[other][2]) >= least]
        if len(of_one) >= many:
            found.append(tuple(rows[other][0] for other in of_one))
            done.update(of_one)
    return found


# --- Who, and what into what -----------------------------------------------------------------------------------------
def may_tie(by: Actor, unit_id: int | None = None) -> Verdict:
    """Officers and registrars."""
    if access_rules.holds_role(by, OFFICER, unit_id) or access_rules.holds_role(by, REGISTRAR, unit_id):
        return yes()
    return no(_("Registrars and officers merge and link petitions."))


def is_reasoned(reason: str) -> Verdict:
    """Every act of these leaves its reason."""
    if len(reason.strip()) < 2:
        return no(_("Say why in a sentence: it stays with both petitions."), field="reason")
    return yes()


def may_merge(petition: Petition, leading: Petition, others: int) -> Verdict:
    """A registered petition into another one that is not merged itself. `others`: how many are merged into it."""
    if petition.pk == leading.pk:
        return no(_("A petition is not merged into itself."), field="other")
    if petition.merged_into_id is not None:
        return no(
            _("It is merged into %(number)s already. Split it from there first.") % {"number": petition.merged_into},
            field="other",
            refusal=WrongState,
        )
    if leading.merged_into_id is not None:
        return no(
            _("%(number)s is merged into %(leading)s: choose that one.")
            % {"number": leading, "leading": leading.merged_into},
            field="other",
            refusal=WrongState,
        )
    if others:
        return no(
            _("Others are merged into this petition. Merge the other one into it, or split them first."),
            field="other",
            refusal=WrongState,
        )
    return _are_open(petition, leading)


def _are_open(petition: Petition, leading: Petition) -> Verdict:
    for one in (petition, leading):
        if not one.number:
            return no(
                _("Register both petitions first: each keeps its number and receipt."),
                field="other",
                refusal=WrongState,
            )
    if petition.state in (*ENDED_STATES, State.ANSWERED):
        return no(_("It is answered or closed: link the two instead."), field="other", refusal=WrongState)
    if leading.state in ENDED_STATES:
        return no(
            _("%(number)s is closed: nothing is merged into it. Link the two, or reopen it.") % {"number": leading},
            field="other",
            refusal=WrongState,
        )
    return yes()


def may_link(petition: Petition, other: Petition) -> Verdict:
    """Two different petitions that are not one case already."""
    if petition.pk == other.pk:
        return no(_("A petition is not linked with itself."), field="other")
    if petition.pk == other.merged_into_id or other.pk == petition.merged_into_id:
        return no(_("The two are merged already."), field="other", refusal=WrongState)
    return yes()


def may_split(petition: Petition) -> Verdict:
    """What is merged into another."""
    if petition.merged_into_id is None:
        return no(_("It is not merged into another petition."), refusal=WrongState)
    return yes()


def may_join(leading: Petition, members: int) -> Verdict:
    """A campaign begins around a petition that stands on its own, with at least one more."""
    if leading.merged_into_id is not None or leading.campaign_id is not None:
        return no(_("It belongs to another petition or campaign already."), field="petitions", refusal=WrongState)
    if leading.state in ENDED_STATES:
        return no(_("It is closed."), field="petitions", refusal=WrongState)
    if members < 1:
        return no(_("Choose at least one more petition of the same text."), field="petitions")
    return yes()


def may_leave(petition: Petition, campaign: PetitionCampaign) -> Verdict:
    """Anyone of it but the one that leads."""
    if petition.campaign_id != campaign.pk:
        return no(_("It does not belong to this campaign."), refusal=WrongState)
    if petition.pk == campaign.leading_id:
        return no(
            _("This petition leads the campaign: take out the others, or handle them as one."), refusal=WrongState
        )
    return yes()
