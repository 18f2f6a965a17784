"""Verification of issued papers: a code printed on the paper (and in its QR), and a public page that answers to it.

Users: whoever holds a paper of the house; functions that issue papers (function 4) call `new_code`, `publish_issued`,
`mark_superseded`, `mark_withdrawn`. The page says genuine, superseded, withdrawn or unknown, the issuing body and the
date; never the content. A file may be shown to it as well: nothing uploaded is kept.
"""
