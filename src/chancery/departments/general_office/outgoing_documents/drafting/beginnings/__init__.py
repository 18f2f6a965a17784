"""Templates: beginnings of papers, by type and by unit. Users: everyone begins from them; a unit keeps its own."""
