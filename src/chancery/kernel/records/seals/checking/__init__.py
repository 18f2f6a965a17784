"""Checking a sealed PDF. The file may be hostile, so pyHanko reads it in a process of its own, with bounded time and
memory and nothing of the site in its environment."""
