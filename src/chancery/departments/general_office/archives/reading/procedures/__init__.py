"""The two procedures of a request to read: decided by the head of the archive, or by the department that filed."""
