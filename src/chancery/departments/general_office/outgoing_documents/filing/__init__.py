"""Filing an outgoing document: what hinders it, where the plan puts it, what becomes of it as an archival item."""
