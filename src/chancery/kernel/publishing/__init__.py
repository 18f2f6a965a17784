"""The public side: what the house has issued, and how anybody can tell whether a paper in hand is one of it.

| folder | holds |
|---|---|
| `verification/` | codes of issued papers, and the public page that answers to them |

Other apps import from `publishing.models`, `publishing.services`, `publishing.queries`.
"""
