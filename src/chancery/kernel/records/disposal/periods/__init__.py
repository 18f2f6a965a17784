"""Change of one item's period: longer with a reason, shorter only by its procedure."""
