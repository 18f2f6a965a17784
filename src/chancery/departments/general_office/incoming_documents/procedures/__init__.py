"""The drawing of the procedure and what is attached to its steps."""
