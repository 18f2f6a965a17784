"""Who is who: units, posts, people, holdings, contacts (function 65)."""
