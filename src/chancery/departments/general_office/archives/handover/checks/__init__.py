"""The four checks (四性检测): authentic, complete, usable, safe; each a test of the stored content itself.

Users: archivists, by way of the hand-over list. Rules: DA/T 70-2018; DA/T 46-2009 for the elements.
"""
