"""What one does with a task: take it, put it back, do it, return it, recall it, hand it over, ask one more."""
