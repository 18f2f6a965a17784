"""What a decision does: the guard, the audience, what is derived; and the end of a level, early or on its day."""
