"""Questions of the instrument, for other apps."""

from chancery.kernel.publishing.verification.queries import address_of, issued_of

__all__ = ["address_of", "issued_of"]
