"""The procedure of a notice's publication review."""
