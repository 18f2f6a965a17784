"""Matters: opening, correcting, circulating, closing, reopening; and the nouns of the whole instrument."""
