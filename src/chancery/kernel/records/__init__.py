"""Files, documents, numbers, search."""
