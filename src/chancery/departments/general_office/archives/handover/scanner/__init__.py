"""The virus scanner: ClamAV's daemon, asked over its INSTREAM command. Set by CHANCERY_CLAMD; none by default.

Users: the four checks, `chancery check`. What is not set up or does not answer is said, never taken for clean.
"""
