"""Picking posts, units and people of today from however many: the sources and fields behind every picker of the house.

Users: every form that names a post, a unit or a person. Part of function 65.
"""
