"""Numbers: one series a register and year, without gaps, never used twice; voided ones stay visible."""
