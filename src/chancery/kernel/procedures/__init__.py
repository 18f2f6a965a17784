"""Matters, moved through BPMN procedures."""
