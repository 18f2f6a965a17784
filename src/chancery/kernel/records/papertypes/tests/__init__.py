"""Tests of paper types."""
