"""Roles: duties that posts hold over a unit's subtree, from one day to another."""
