"""A draft from a Word file, and a draft as Word or OpenDocument file."""
