"""Rules of the instrument, for other apps."""

from chancery.kernel.records.files.rules import clean_name
from chancery.kernel.records.markings.rules import SecretMarking, marking_in, refuse_marked

__all__ = ["SecretMarking", "clean_name", "marking_in", "refuse_marked"]
