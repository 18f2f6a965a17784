"""Letters as lists."""
