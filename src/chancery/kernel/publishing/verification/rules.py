"""How a code is written, read back, and when the state of an issued paper may change."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.publishing.verification.terms import ALPHABET, GROUP, LENGTH, IssuedState

if TYPE_CHECKING:
    from chancery.kernel.publishing.verification.models import Issued

_HASH = re.compile(r"^[0-9a-f]{64}$")
#: What looks alike, and what an input method writes instead.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
LONGEST_TYPED = 100


class CodeTaken(Refused):
    """The code, or the paper, is in the register already."""


class BadCode(Refused):
    """This is no code."""


class StateStays(Refused):
    """The paper's state does not change any more."""


def made_code() -> str:
    """A code that nobody can guess, in groups as it is printed."""
    return grouped("".join(secrets.choice(ALPHABET) for _place in range(LENGTH)))


def grouped(code: str) -> str:
    """7K3M9QX2… as 7K3M-9QX2-…"""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """What somebody typed as a code without dashes, or "" when it cannot be one."""
    kept = folded(typed)
    return kept if len(kept) == LENGTH and set(kept) <= set(ALPHABET) else ""


def folded(typed: str) -> str:
    """What was typed, without spaces and dashes of any kind, in capitals, full-width letters and O, I, L read as what
    they look like."""
    read = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper().translate(_READ_AS)
    kept = "".join(char for char in read if not char.isspace() and unicodedata.category(char) not in {"Pd", "Cf"})
    return kept.replace("_", "").replace(".", "").replace("\u2212", "")


def is_code(code: str) -> Verdict:
    """For `publish_issued`: a code made by `new_code`."""
    return yes() if read_code(code) else no(_("This is not a verification code."), field="code", refusal=BadCode)


def are_hashes(sha256s: Sequence[str]) -> Verdict:
    """At least one file was released, each told by its SHA-256."""
    if sha256s and all(_HASH.match(sha256) for sha256 in sha256s):
        return yes()
    return no(_("Name every released file by its SHA-256."), field="files")


def may_publish(by: Actor) -> Verdict:
    """Staff and the system; the calling function has asked its own rule."""
    return no(_("Sign in first.")) if not (by.is_person or by.is_system) else yes()


def may_supersede(issued: Issued, successor: Issued) -> Verdict:
    """A genuine paper is superseded by another genuine one."""
    if issued.state == IssuedState.WITHDRAWN:
        return no(_("This paper was withdrawn and stays so."), refusal=StateStays)
    if issued.pk == successor.pk:
        return no(_("A paper does not supersede itself."))
    if successor.state != IssuedState.GENUINE:
        return no(_("The newer paper is itself superseded or withdrawn."))
    return yes()


def may_withdraw(issued: Issued, reason: str) -> Verdict:
    """Once, and with a reason."""
    if issued.state == IssuedState.WITHDRAWN:
        return no(_("This paper was withdrawn already."), refusal=StateStays)
    if not reason.strip():
        return no(_("Say why the paper is withdrawn."), field="reason")
    return yes()
