"""Comments on a passage of a draft: threads, resolved or not, found again after edits. Users: whoever may see it."""
