"""The drawing of classification and what is bound to it."""
