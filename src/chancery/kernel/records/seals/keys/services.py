"""The local authority: made on first need, kept in the data directory, readable by its owner only.

For the demo, and for sites that have no authority yet. `chancery check` warns: who copies the directory can seal.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier
from django.conf import settings

ROOT = "authority.pem"
ROOT_YEARS, SEAL_YEARS = 20, 5
#: A little earlier than now: the clocks of two machines differ.
_SLACK = dt.timedelta(minutes=10)
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336

Pair = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


def make_local_key(*, code: str, legal_name: str, at: dt.datetime) -> str:
    """A new key with its certificate from the local authority; returns the reference under which it is found."""
    root_key, root = _authority(at)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(legal_name, code)
    until = min(at + dt.timedelta(days=366 * SEAL_YEARS), root.not_valid_after_utc)
    certificate = (
        _certificate(subject, key, at, until)
        .issuer_name(root.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    reference = f"{code}.{secrets.token_hex(8)}"
    _keep(_directory() / f"{reference}.pem", key, certificate)
    return reference


def _authority(at: dt.datetime) -> Pair:
    """The authority's key and certificate, made when there is none. Of two processes that begin at once one writes."""
    path = _directory() / ROOT
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Chancery", f"Local authority {secrets.token_hex(4)}")
        certificate = (
            _certificate(name, key, at, at + dt.timedelta(days=366 * ROOT_YEARS))
            .issuer_name(name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(is_authority=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        _keep(path, key, certificate)
    pem = path.read_bytes()
    loaded = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} was not made by the local authority")
    return loaded, x509.load_pem_x509_certificate(pem)


def _directory() -> Path:
    directory = Path(settings.SEAL_KEYS)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return directory


def _keep(path: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    """Key and certificate in one file, there whole or not at all, and never written over."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(
                key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            )
            out.write(certificate.public_bytes(serialization.Encoding.PEM))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            return
    finally:
        part.unlink(missing_ok=True)


def _name(organization: str, common: str) -> x509.Name:
    """X.520 allows 64 characters each."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _certificate(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, since: dt.datetime, until: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since - _SLACK)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
