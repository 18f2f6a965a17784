"""Label sheets of rooms, racks and shelves: a square that says the place's code, as scanners read it.

Users: archivists. Rules: none outside the house.
"""
