"""Correcting, withdrawing and superseding what was issued; every recipient is told."""
