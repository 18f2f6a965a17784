"""Annexes 附件 of a paper: put with it, ordered, taken off. Users: whoever may edit it."""
