"""Drafts: one editor at a time, autosave, every version kept, templates, import and export."""
