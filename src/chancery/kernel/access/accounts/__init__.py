"""Accounts and invitations: who can sign in, and how one is let in."""
