"""Intake 来文接收: files dropped in, what they propose, and the draft that keeps all of it until registration.

Part of incoming documents (function 3). A draft is seen by the registry and by whoever opened it; it has no number.
"""
