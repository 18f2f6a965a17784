"""What the page of figures shows."""
