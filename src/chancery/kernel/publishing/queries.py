"""Questions of the instrument, for other apps."""

from chancery.kernel.publishing.receipts.queries import alarm_is_on, code_of_form, must_wait, subject_of, was_sent
from chancery.kernel.publishing.verification.queries import address_of, issued_of

__all__ = ["address_of", "alarm_is_on", "code_of_form", "issued_of", "must_wait", "subject_of", "was_sent"]
