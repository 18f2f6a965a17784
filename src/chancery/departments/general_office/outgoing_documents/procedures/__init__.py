"""The drawing and its bindings."""
