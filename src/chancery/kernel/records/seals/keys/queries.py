"""Finding keys, and the authorities that are believed."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chancery.kernel.records.seals.keys import rules
from chancery.kernel.records.seals.keys.services import ROOT
from chancery.kernel.records.seals.terms import KeyStore

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

logger = logging.getLogger(__name__)

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_REFERENCE = re.compile(r"^[A-Z0-9-]+\.[0-9a-f]{16}$")


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate as a store holds it, with what else belongs to its chain."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...] = ()

    @property
    def sha256(self) -> str:
        """Its fingerprint."""
        return fingerprint(self.certificate)

    @property
    def pem(self) -> str:
        """As text, for the register."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate in DER."""
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


def certificate_in(store: str, reference: str) -> Certified:
    """The certificate that a store holds under a reference; `KeyRefused` when it is not to be had."""
    match store:
        case KeyStore.LOCAL:
            return _local(reference)[1]
        case KeyStore.PKCS12:
            return _pkcs12(reference)[1]
    with _token(reference) as signer:
        return _certified_by(signer)


@contextlib.contextmanager
def opened(store: str, reference: str, *, registered: str, at: dt.datetime) -> Iterator[Signer]:
    """pyHanko's signer for a key, while the block lasts. `registered` is the fingerprint in the register."""
    match store:
        case KeyStore.LOCAL:
            yield _signer(*_local(reference), registered=registered, at=at)
        case KeyStore.PKCS12:
            yield _signer(*_pkcs12(reference), registered=registered, at=at)
        case _:
            with _token(reference) as signer:
                found = _certified_by(signer)
                rules.is_the_registered(found.sha256, registered).demand()
                rules.holds_on(found.certificate, at).demand()
                yield signer


def stores() -> list[KeyStore]:
    """The stores this site has said something about; the local authority when it has said nothing else."""
    found = [KeyStore.PKCS12] if settings.SEAL_PKCS12 else []
    found += [KeyStore.PKCS11] if settings.SEAL_PKCS11_MODULE else []
    return [*found, KeyStore.LOCAL]


def trusted_roots(*, is_strict: bool = False) -> list[x509.Certificate]:
    """The authorities whose seals are believed: the local one, and those of SEAL_TRUST_ROOTS (a PEM file or a
    directory of them). A file that cannot be read is passed over with a word in the log, or raised when strict."""
    paths = [Path(settings.SEAL_KEYS) / ROOT]
    if settings.SEAL_TRUST_ROOTS:
        named = Path(settings.SEAL_TRUST_ROOTS)
        paths += sorted([*named.glob("*.pem"), *named.glob("*.crt")]) if named.is_dir() else [named]
    found: list[x509.Certificate] = []
    for path in paths:
        if not path.is_file():
            continue
        try:
            found += [
                x509.load_pem_x509_certificate(block.encode())
                for block in _CERTIFICATE.findall(path.read_text(encoding="ascii", errors="replace"))
            ]
        except (OSError, ValueError):
            if is_strict:
                raise
            logger.exception("%s holds no readable certificate", path)
    return found


def _local(reference: str) -> tuple[Any, Certified]:
    path = Path(settings.SEAL_KEYS) / f"{reference}.pem"
    if not _REFERENCE.match(reference) or not path.is_file():
        raise rules.KeyMissing(
            _("The key of this seal is not in the data directory of this machine (%(file)s). Restore it from backup.")
            % {"file": f"seals/{reference}.pem"},
            field="seal",
        )
    try:
        pem = path.read_bytes()
        key = serialization.load_pem_private_key(pem, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
    except (OSError, ValueError, TypeError) as error:
        raise rules.KeyMissing(
            _("The key file of this seal cannot be read (%(file)s).") % {"file": f"seals/{reference}.pem"},
            field="seal",
        ) from error
    # The authority's own certificate is not sent along: who believes it has it, and nothing signed would cover it.
    return key, Certified(certificate)


def _pkcs12(code: str) -> tuple[Any, Certified]:
    if not settings.SEAL_PKCS12:
        raise rules.StoreNotConfigured(
            _("No directory of PKCS#12 files is configured (SEAL_PKCS12)."), field="key_store"
        )
    path = Path(settings.SEAL_PKCS12) / f"{code}.p12"
    if not path.is_file():
        raise rules.KeyMissing(
            _("There is no file %(file)s in the directory of SEAL_PKCS12.") % {"file": path.name}, field="key_store"
        )
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(path.read_bytes(), _passphrase(code))
    except (ValueError, OSError) as error:
        raise rules.WrongPassphrase(
            _("The file %(file)s does not open: the passphrase in %(variable)s is wrong, or the file is damaged.")
            % {"file": path.name, "variable": passphrase_variable(code)},
            field="key_store",
        ) from error
    if key is None or certificate is None:
        raise rules.KeyMissing(
            _("The file %(file)s holds no key with its certificate.") % {"file": path.name}, field="key_store"
        )
    return key, Certified(certificate, tuple(others))


def passphrase_variable(code: str) -> str:
    """The environment variable with the passphrase of a seal's file."""
    return f"SEAL_PASSPHRASE_{re.sub(r'[^A-Z0-9]', '_', code)}"


def _passphrase(code: str) -> bytes | None:
    value = settings.SEAL_PASSPHRASES.get(passphrase_variable(code), settings.SEAL_PASSPHRASES.get("SEAL_PASSPHRASE"))
    return value.encode() if value else None


def demand_token() -> Any:
    """pyHanko's door to PKCS#11; `StoreNotConfigured` where the site or the machine has none."""
    if not settings.SEAL_PKCS11_MODULE:
        raise rules.StoreNotConfigured(_("No PKCS#11 module is configured (SEAL_PKCS11_MODULE)."), field="key_store")
    try:
        from pyhanko.sign import pkcs11
    except ImportError as error:
        raise rules.StoreNotConfigured(
            _("Keys on tokens need the Python package python-pkcs11, which is not installed on this machine."),
            field="key_store",
        ) from error
    return pkcs11


@contextlib.contextmanager
def _token(label: str) -> Iterator[Signer]:
    pkcs11 = demand_token()
    from pkcs11.exceptions import PKCS11Error  # there, or demand_token has refused
    from pyhanko.config.pkcs11 import TokenCriteria

    try:
        session = pkcs11.open_pkcs11_session(
            settings.SEAL_PKCS11_MODULE,
            token_criteria=TokenCriteria(label=settings.SEAL_PKCS11_TOKEN or None),
            user_pin=settings.SEAL_PKCS11_PIN or None,
        )
    except (PKCS11Error, RuntimeError, OSError) as error:
        raise rules.WrongPassphrase(
            _("The token %(token)s does not open (%(reason)s): check SEAL_PKCS11_MODULE, _TOKEN and _PIN.")
            % {"token": settings.SEAL_PKCS11_TOKEN, "reason": type(error).__name__},
            field="key_store",
        ) from error
    with session:
        signer = pkcs11.PKCS11Signer(session, cert_label=label, key_label=label, embed_roots=False)
        try:
            own = signer.signing_cert
        except PKCS11Error as error:
            raise _no_such_label(label) from error
        if own is None:
            raise _no_such_label(label)
        # Every token signs a hash with an elliptic key; few also make the hash.
        signer.use_raw_mechanism = own.public_key.algorithm == "ec"
        try:
            yield signer
        except PKCS11Error as error:
            raise rules.KeyMissing(
                _("The token did not sign (%(reason)s). Nothing was sealed.") % {"reason": type(error).__name__},
                field="seal",
            ) from error


def _no_such_label(label: str) -> rules.KeyMissing:
    return rules.KeyMissing(_("The token has no certificate labelled %(label)s.") % {"label": label}, field="key_store")


def _certified_by(signer: Signer) -> Certified:
    own = signer.signing_cert
    if own is None:
        raise rules.KeyMissing(_("The token has no certificate for this seal."), field="key_store")
    return Certified(x509.load_der_x509_certificate(own.dump()))


def _signer(key: Any, certified: Certified, *, registered: str, at: dt.datetime) -> Signer:
    from asn1crypto import keys as asn1_keys
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    rules.is_the_registered(certified.sha256, registered).demand()
    rules.holds_on(certified.certificate, at).demand()
    der = serialization.Encoding.DER
    chain = SimpleCertificateStore()
    chain.register_multiple([asn1_x509.Certificate.load(other.public_bytes(der)) for other in certified.others])
    private = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certified.certificate.public_bytes(der)),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=chain,
        embed_roots=False,
    )
