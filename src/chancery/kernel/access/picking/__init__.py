"""Picking whom a sign-in matters for: people without an account yet, and posts where somebody can sign in today.

Users: access administrators who invite; every form that sends something to a post. Part of function 65.
"""
