"""The demo's side door: enter as one of the cast, on loopback only."""
