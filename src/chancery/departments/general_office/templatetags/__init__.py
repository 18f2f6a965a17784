"""Template tags of the General Office."""
