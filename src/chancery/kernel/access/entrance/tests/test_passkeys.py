"""What a passkey's answer must say to open the door. With a real key in a browser: tests/journeys/test_sign_in.py.

The key here is made of plain cryptography, so that it can also say what no browser would let it say.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.accounts.models import Account

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db
HERE, ORIGIN = "localhost", "http://localhost:8000"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Key:
    """A passkey of an account at this site."""

    account: Account
    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    name: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def enrol(self) -> None:
        """As if its owner had added it on the page."""
        public = ES256.from_cryptography_key(self.secret.public_key())
        held = AttestedCredentialData.create(Aaguid(bytes(16)), self.name, public)
        of_site = hashlib.sha256(HERE.encode()).digest()
        told = AuthenticatorData(of_site + struct.pack(">BI", PRESENT | VERIFIED | ATTESTED, 0) + held)
        credential = {
            "id": websafe_encode(self.name),
            "rawId": websafe_encode(self.name),
            "type": "public-key",
            "response": {
                "clientDataJSON": websafe_encode(client_data("webauthn.create", "enrolled", ORIGIN)),
                "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
            },
            "clientExtensionResults": {"credProps": {"rk": True}},
        }
        with acting_as(SYSTEM):
            WebAuthn.add(self.account, "A key", credential)

    def answer(
        self,
        challenge: str,
        *,
        origin: str = ORIGIN,
        site: str = HERE,
        flags: int = PRESENT | VERIFIED,
        kind: str = "webauthn.get",
    ) -> dict[str, Any]:
        """What the browser would hand over."""
        said = client_data(kind, challenge, origin)
        about = hashlib.sha256(site.encode()).digest() + struct.pack(">BI", flags, 1)
        signature = self.secret.sign(about + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return {
            "id": websafe_encode(self.name),
            "rawId": websafe_encode(self.name),
            "type": "public-key",
            "response": {
                "clientDataJSON": websafe_encode(said),
                "authenticatorData": websafe_encode(about),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(user_pk_to_url_str(self.account).encode()),
            },
            "clientExtensionResults": {},
        }


def client_data(kind: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()


@pytest.fixture
def key(cast: Cast) -> Key:
    made = Key(cast.accounts["registrar"])
    made.enrol()
    return made


def question(client: Client) -> str:
    asked = client.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"}).json()
    assert asked["request_options"]["publicKey"]["rpId"] == HERE
    return str(asked["request_options"]["publicKey"]["challenge"])


def hand_over(client: Client, answer: dict[str, Any]) -> Any:
    return client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(answer)})


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("access:account")).status_code == 200)


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"Host": HERE})


@pytest.mark.parametrize("origin", [ORIGIN, "https://localhost", "http://localhost"])
def test_an_answer_given_at_this_site_opens_the_door(key: Key, visitor: Client, origin: str) -> None:
    hand_over(visitor, key.answer(question(visitor), origin=origin))
    assert is_in(visitor)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://elsewhere.example.org"},
        {"origin": "https://localhost.elsewhere.example.org"},
        {"origin": "https://elsewhere-localhost"},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "null"},
        {"origin": ""},
        {"site": "elsewhere.example.org"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"kind": "webauthn.create"},
    ],
    ids=lambda wrong: "=".join(map(str, next(iter(wrong.items())))),
)
def test_an_answer_given_elsewhere_or_by_nobody_is_refused(key: Key, visitor: Client, wrong: dict[str, Any]) -> None:
    """Above all one that a look-alike site got out of a person and brings here: its origin gives it away."""
    page = hand_over(visitor, key.answer(question(visitor), **wrong))
    assert page["Location"] == reverse("account_login")
    assert "Incorrect code" in visitor.get(page["Location"]).content.decode()
    assert not is_in(visitor)


def test_an_answer_to_another_question_or_given_twice_is_refused(key: Key, visitor: Client) -> None:
    hand_over(visitor, key.answer(websafe_encode(secrets.token_bytes(32))))
    assert not is_in(visitor)
    answer = key.answer(question(visitor))
    hand_over(visitor, answer)
    assert is_in(visitor)
    visitor.logout()
    hand_over(visitor, answer)
    assert not is_in(visitor)


def test_anothers_key_does_not_open_ones_account(key: Key, visitor: Client, cast: Cast) -> None:
    other = Key(cast.accounts["administrator"])
    other.enrol()
    other.account = key.account
    hand_over(visitor, other.answer(question(visitor)))
    assert not is_in(visitor)
    forged = Key(key.account, name=key.name)
    hand_over(visitor, forged.answer(question(visitor)))
    assert not is_in(visitor)
