"""Where keys lie, and what is said when one is not to be had."""

from __future__ import annotations

import datetime as dt
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from chancery.foundations import clock
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.seals import queries, services
from chancery.kernel.records.seals.checking.queries import validate
from chancery.kernel.records.seals.keys import rules
from chancery.kernel.records.seals.keys.queries import trusted_roots
from chancery.kernel.records.seals.keys.services import make_local_key
from chancery.kernel.records.seals.tests.office import NOON, affix, paper, register


def authority(name: str = "A commercial authority") -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """A root of somebody else."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = _built(subject, subject, key, is_authority=True)
    return key, built.sign(key, hashes.SHA256())


def pair(
    issuer: tuple[rsa.RSAPrivateKey, x509.Certificate], *, is_for_seals: bool = True, days: int = 365
) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """A key with a certificate of that authority."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "GO-1")])
    built = _built(subject, issuer[1].subject, key, is_for_seals=is_for_seals, days=days)
    return key, built.sign(issuer[0], hashes.SHA256())


def _built(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    *,
    is_authority: bool = False,
    is_for_seals: bool = True,
    days: int = 365,
) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=is_for_seals and not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOON - dt.timedelta(days=30))
        .not_valid_after(NOON + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    """A directory of PKCS#12 files, with GO-1 in it, and its authority believed."""
    settings.SEAL_PKCS12 = str(tmp_path / "p12")
    settings.SEAL_PASSPHRASES = {"SEAL_PASSPHRASE_GO_1": "open sesame"}
    (tmp_path / "p12").mkdir()
    root = authority()
    write(tmp_path / "p12" / "GO-1.p12", root, pair(root))
    settings.SEAL_TRUST_ROOTS = str(tmp_path / "root.pem")
    (tmp_path / "root.pem").write_bytes(root[1].public_bytes(serialization.Encoding.PEM))
    return tmp_path / "p12"


def write(path: Path, root: Any, own: Any, passphrase: bytes = b"open sesame") -> None:
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"seal", own[0], own[1], [root[1]], serialization.BestAvailableEncryption(passphrase)
        )
    )


def test_local_keys_are_made_on_first_need_and_nobody_else_may_read_them(cast: Any, settings: Any) -> None:
    assert trusted_roots() == []
    register(cast)
    directory = Path(settings.SEAL_KEYS)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    files = sorted(directory.iterdir())
    assert len(files) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_processes_that_begin_at_once_agree_on_one_authority(settings: Any) -> None:
    threads = [
        threading.Thread(target=make_local_key, kwargs={"code": f"GO-{n}", "legal_name": "x", "at": NOON})
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (root,) = trusted_roots()
    for path in Path(settings.SEAL_KEYS).glob("GO-*.pem"):
        x509.load_pem_x509_certificate(path.read_bytes()).verify_directly_issued_by(root)
    assert not [path for path in Path(settings.SEAL_KEYS).iterdir() if path.name.startswith(".")]


def test_a_missing_or_spoilt_key_file_is_said_and_nothing_is_sealed(cast: Any, seal: Any, settings: Any) -> None:
    (path,) = Path(settings.SEAL_KEYS).glob("GO-1.*.pem")
    path.write_text("spoilt")
    with pytest.raises(rules.KeyMissing, match="cannot be read"):
        affix(cast, seal, paper())
    path.unlink()
    with pytest.raises(rules.KeyMissing, match="Restore it from backup"):
        affix(cast, seal, paper())


def test_an_expired_certificate_seals_nothing_until_it_is_renewed(cast: Any, seal: Any) -> None:
    late = NOON + dt.timedelta(days=366 * 6)
    with clock.fixed_at(late):
        with pytest.raises(rules.KeyExpired, match=r"expired on 2031-11-2\d"):
            affix(cast, seal, paper(), at=late)
        services.renew_certificate(seal_id=seal.pk, key_store="LOCAL", by=cast.registrar, at=late)
        done = affix(cast, seal, paper(), at=late)
        assert validate(done.pdf, at=late).is_trusted


def test_a_seal_signs_with_a_pkcs12_file_of_another_authority(cast: Any, store: Path) -> None:
    seal = register(cast, key_store="PKCS12")
    found = validate(affix(cast, seal, paper()).pdf)
    assert (found.problems, found.is_trusted) == ([], True)


def test_an_authority_that_is_not_believed_makes_the_seal_untrusted(cast: Any, store: Path, settings: Any) -> None:
    seal = register(cast, key_store="PKCS12")
    done = affix(cast, seal, paper())
    settings.SEAL_TRUST_ROOTS = ""
    found = validate(done.pdf)
    assert (found.is_intact, found.is_trusted) == (True, False)
    assert "No authority that this house believes" in found.problems[0]


def test_a_wrong_passphrase_names_the_variable_and_never_the_passphrase(cast: Any, store: Path, settings: Any) -> None:
    seal = register(cast, key_store="PKCS12")
    settings.SEAL_PASSPHRASES = {"SEAL_PASSPHRASE_GO_1": "wrong"}
    with pytest.raises(rules.WrongPassphrase, match="SEAL_PASSPHRASE_GO_1") as refused:
        affix(cast, seal, paper())
    assert "wrong" not in str(refused.value).replace("is wrong", "")
    settings.SEAL_PASSPHRASES = {}
    with pytest.raises(rules.WrongPassphrase):
        affix(cast, seal, paper())


def test_one_passphrase_may_serve_all_files(cast: Any, store: Path, settings: Any) -> None:
    settings.SEAL_PASSPHRASES = {"SEAL_PASSPHRASE": "open sesame"}
    assert affix(cast, register(cast, key_store="PKCS12"), paper()).use_id


def test_a_file_that_was_exchanged_does_not_seal_until_the_register_knows_it(cast: Any, store: Path) -> None:
    seal = register(cast, key_store="PKCS12")
    root = authority()
    write(store / "GO-1.p12", root, pair(root))
    with pytest.raises(rules.KeyChanged, match="another certificate than the register"):
        affix(cast, seal, paper())
    services.renew_certificate(seal_id=seal.pk, key_store="PKCS12", by=cast.registrar, at=NOON)
    assert affix(cast, seal, paper()).use_id
    with pytest.raises(rules.KeyChanged, match="in the register already"):
        services.renew_certificate(seal_id=seal.pk, key_store="PKCS12", by=cast.registrar, at=NOON)


def test_a_missing_file_and_an_empty_store_are_said(cast: Any, store: Path, settings: Any) -> None:
    (store / "GO-1.p12").unlink()
    with pytest.raises(rules.KeyMissing, match=r"no file GO-1\.p12"):
        register(cast, key_store="PKCS12")
    settings.SEAL_PKCS12 = ""
    with pytest.raises(rules.StoreNotConfigured, match="SEAL_PKCS12"):
        register(cast, key_store="PKCS12")


def test_a_certificate_for_something_else_is_not_taken_for_a_seal(cast: Any, store: Path) -> None:
    root = authority()
    write(store / "GO-1.p12", root, pair(root, is_for_seals=False))
    with pytest.raises(Refused, match="not issued for seals"):
        register(cast, key_store="PKCS12")
    write(store / "GO-1.p12", root, root)
    with pytest.raises(Refused, match="certificate of an authority"):
        register(cast, key_store="PKCS12")
    write(store / "GO-1.p12", root, pair(root, days=-1))
    with pytest.raises(rules.KeyExpired):
        register(cast, key_store="PKCS12")


def test_a_token_without_its_python_package_is_said(cast: Any, settings: Any, monkeypatch: Any) -> None:
    import sys

    settings.SEAL_PKCS11_MODULE = "/nowhere/module.so"
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    monkeypatch.delitem(sys.modules, "pyhanko.sign.pkcs11", raising=False)
    with pytest.raises(rules.StoreNotConfigured, match="python-pkcs11"):
        register(cast, key_store="PKCS11")


def test_a_time_stamp_authority_that_does_not_answer_stops_the_sealing(cast: Any, seal: Any, settings: Any) -> None:
    settings.SEAL_TSA_URL = "http://127.0.0.1:9/tsa"
    with pytest.raises(Refused, match="time-stamp authority did not answer"):
        affix(cast, seal, paper())
    with acting_as(cast.archivist):
        assert queries.uses(seal_id=seal.pk).count() == 0


def test_with_a_time_stamp_authority_the_seal_carries_its_time(
    cast: Any, seal: Any, settings: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    from asn1crypto import keys as asn1_keys
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.timestamps import DummyTimeStamper

    from chancery.kernel.records.seals.sealing import queries as sealing

    root_key, root = authority("A time-stamp authority")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time stamps")])
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    certificate = (
        _built(subject, root.subject, key).add_extension(purpose, critical=True).sign(root_key, hashes.SHA256())
    )
    (tmp_path / "tsa.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    settings.SEAL_TRUST_ROOTS = str(tmp_path / "tsa.pem")
    settings.SEAL_TSA_URL = "https://tsa.example.org"
    der = serialization.Encoding.DER
    stamper = DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(certificate.public_bytes(der)),
        tsa_key=asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        ),
        fixed_dt=NOON,
    )
    monkeypatch.setattr(sealing, "HTTPTimeStamper", lambda *_args, **_more: stamper)
    found = validate(affix(cast, seal, paper()).pdf)
    assert (found.problems, found.is_trusted, found.signers[0].has_timestamp) == ([], True, True)
