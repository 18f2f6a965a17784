"""General Office."""
