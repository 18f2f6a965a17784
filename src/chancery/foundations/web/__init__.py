"""Base pages, components, doors."""
