"""What is derived after a level was decided: a proposal of its own, made by the system, decided as any other."""
