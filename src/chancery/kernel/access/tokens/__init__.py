"""API tokens: hashed, scoped, expiring, tied to one hat."""
