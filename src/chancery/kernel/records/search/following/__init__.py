"""Following: what does not index itself (people, units, posts, provisions, seals, …) is noted by triggers when it
changes, and read anew by a job a minute later; a new index is filled from the same sources."""
