"""Seals: the register of seals and of every use made of them; the electronic seal that is put on a paper.

Users: whoever keeps a seal (keeper), the head or registrar of its unit, the seal registrar of the house; functions that
issue papers call `affix`. Governed by the State Council's rules on seals (国发〔1999〕25号, art. 14, 24, 25): no use
without the leader's approval, seals of dissolved or renamed bodies sealed up, a society's seal of at most 4.5 cm.
Part of function 1 (comprehensive administration); used by function 4 (outgoing documents).

| folder | holds |
|---|---|
| `impressions/` | the picture of a seal: drawn by the house, or taken from an upload |
| `keys/` | where private keys lie: a local authority, PKCS#12 files, a PKCS#11 token |
| `sealing/` | the PAdES signature with the visible impression |
| `checking/` | what a sealed PDF says when it is checked, in a process of its own |
"""
