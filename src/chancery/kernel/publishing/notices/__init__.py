"""Public notices: what the house tells everybody, looked through by another person before it goes out.

Users: notice editors write them in both languages, publication reviewers look through them item by item (every
paragraph, title first) for what may not go out; the public reads them at /public-notices/ and by Atom feed. Rule:
nothing is public before its publication review (Law on Guarding State Secrets 2024, art. 35).
"""
