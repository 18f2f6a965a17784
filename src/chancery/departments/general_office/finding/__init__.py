"""What search knows of the papers of the office, drafts included: read anew when they change (functions 3 and 4)."""
