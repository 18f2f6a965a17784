"""Outgoing documents 发文 (function 4): from a blank draft to a sealed paper in the addressee's hands.

Users: whoever drafts, the head who checks a unit's draft, the units that countersign, the General Office's reviewer,
the leader who signs, the rechecker, the registrar who numbers and dispatches, the keeper of the seal, and addressees.
Governed by the general rules on handling official documents (a draft is countersigned, reviewed, signed, rechecked,
numbered, printed, checked and released; a material change goes back to the signer) and by GB/T 9704-2012 for the page.

The root holds the noun that all parts share. Function folders inside it: `drafting` (drafts, versions, the one editor),
`address_book` (addressees, groups), `comments`, `comparing`, `procedures` and `issuing` (sign, number, seal, release),
`register_book` (series, gaps, figures), `dispatch` (delivery, receipts), `exchange` (packages out and in) and
`correction` (correcting, withdrawing, superseding).
"""
