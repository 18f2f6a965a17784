"""What the archive prints: catalogue, list and note of a box, labels, and the filing stamp."""
