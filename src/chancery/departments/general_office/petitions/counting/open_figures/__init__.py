"""Figures for everybody: what was released and has passed publication review. Part of counting."""
