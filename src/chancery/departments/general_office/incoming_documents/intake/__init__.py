"""Intake 收文登记: files dropped in, what they propose for the register, and the draft that keeps all of it until registration.

Part of incoming documents (function 3). A draft is seen by the registry and by whoever opened it; it has no number.
"""
