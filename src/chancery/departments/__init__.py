"""The departments: thin, typed compositions of instruments. They never import one another."""
