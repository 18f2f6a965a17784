"""The matter's own page: where it stands, what is asked of me, by when, what happens next."""
