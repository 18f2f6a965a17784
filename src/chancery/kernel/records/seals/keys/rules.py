"""Whether a key may be used, and the ways in which one is not to be had: each a sentence that says what to do."""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.verdict import Refused, Verdict, no, yes


class KeyRefused(Refused):
    """The key of a seal cannot be used."""


class KeyMissing(KeyRefused):
    """There is no such key in its store."""


class WrongPassphrase(KeyRefused):
    """The store does not open."""


class KeyExpired(KeyRefused):
    """The certificate does not hold on the day."""


class KeyChanged(KeyRefused):
    """The store holds another certificate than the register."""


class StoreNotConfigured(KeyRefused):
    """The site has not said where such keys lie."""


def holds_on(certificate: x509.Certificate, at: dt.datetime) -> Verdict:
    """The certificate is valid at the instant."""
    if at < certificate.not_valid_before_utc:
        return no(
            _("The certificate of this seal is valid only from %(day)s.")
            % {"day": clock.date_of(certificate.not_valid_before_utc).isoformat()},
            field="seal",
            refusal=KeyExpired,
        )
    if at > certificate.not_valid_after_utc:
        return no(
            _("The certificate of this seal expired on %(day)s. Have it renewed in the register of seals.")
            % {"day": clock.date_of(certificate.not_valid_after_utc).isoformat()},
            field="seal",
            refusal=KeyExpired,
        )
    return yes()


def is_the_registered(found: str, registered: str) -> Verdict:
    """The store's certificate is the one the register knows (fingerprints)."""
    if found == registered:
        return yes()
    return no(
        _("The key store holds another certificate than the register. Renew it in the register of seals first."),
        field="seal",
        refusal=KeyChanged,
    )


def may_sign(certificate: x509.Certificate) -> Verdict:
    """The certificate was issued for signing: digitalSignature or contentCommitment, and it is no authority's."""
    try:
        if certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return no(_("This is the certificate of an authority, not of a seal."), field="key_store")
    except x509.ExtensionNotFound:
        pass
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return yes()
    if usage.content_commitment:
        return yes()
    return no(
        _("This certificate was not issued for seals: its key usage lacks contentCommitment (non-repudiation)."),
        field="key_store",
    )
