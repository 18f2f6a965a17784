"""The public side: what the house has issued and tells, and how anybody follows what they wrote to it.

| folder | holds |
|---|---|
| `verification/` | codes of issued papers, and the public page that answers to them |
| `receipts/` | codes that whoever wrote to the house follows it by; wrong codes and what follows |
| `notices/` | public notices, looked through item by item by another person before they go out |
| `feeds/` | the same for programs (Atom) |
| `status/` | what is up, planned interruptions, published thresholds of the public doors |

Other apps import from `publishing.models`, `publishing.services`, `publishing.queries`, `publishing.terms`.
"""
