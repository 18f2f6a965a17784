"""PostgreSQL: the embedded server, the two database roles, and row security stamped on each transaction."""
