"""What filing asks of the facts before anything is written: a whole batch with a handful of queries."""
