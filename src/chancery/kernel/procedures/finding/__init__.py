"""What search knows of matters that are about nothing found by itself: proposals, approvals, requests of every kind."""
