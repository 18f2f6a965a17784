"""Contacts: added, ended; a private line never reaches the public page (function 65)."""
