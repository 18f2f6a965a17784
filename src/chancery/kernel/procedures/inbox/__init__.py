"""The inbox: to do, to read, done, started by me, watched, overdue."""
