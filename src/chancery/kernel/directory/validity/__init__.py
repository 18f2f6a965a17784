"""How a dated fact changes: one way for units and posts."""
