"""From the signed text to the released paper: number, set, seal, release."""
