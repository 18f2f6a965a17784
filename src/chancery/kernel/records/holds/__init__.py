"""Holds: a legal case, an audit or a petition keeps things from being disposed of, whatever their period says.

Users: whoever keeps holds places and lifts them; appraisers and archivists meet them. Part of function 7 of DOMAIN.md.
"""
