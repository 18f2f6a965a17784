"""State secrets stay out (Law on Guarding State Secrets 2024, art. 31 (3)): marked files and texts are refused."""
