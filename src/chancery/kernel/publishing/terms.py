"""Words of the instrument, for other apps."""

from chancery.kernel.publishing.verification.terms import ACTS, IssuedState

__all__ = ["ACTS", "IssuedState"]
