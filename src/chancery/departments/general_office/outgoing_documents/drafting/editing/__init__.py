"""The one editor: who has it open, taking over, unsaved work, going back to an earlier version."""
