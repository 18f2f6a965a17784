"""What ends when a level rises: grants, circulated copies and requests of those whose clearance does not reach it."""
