"""Feeds: what is published, for programs that read along (Atom, RFC 4287).

Users: news readers and other sites; one feed a language.
"""
