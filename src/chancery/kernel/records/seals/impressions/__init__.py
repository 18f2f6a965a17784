"""The picture of a seal, as a PDF page of its size: what the signature shows."""
