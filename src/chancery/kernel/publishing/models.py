"""Nouns of the instrument, for Django and for other apps."""

from chancery.kernel.publishing.verification.models import Issued, IssuedFile

__all__ = ["Issued", "IssuedFile"]
