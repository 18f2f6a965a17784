"""Tests of outgoing documents."""
