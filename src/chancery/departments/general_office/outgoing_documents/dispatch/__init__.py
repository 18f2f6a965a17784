"""Sending out what was released 分发: a delivery per addressee, its receipt, and what became of it.

Part of outgoing documents (function 4). Users: the General Office's registrar, and whoever receives. A unit of the
house gets it as an incoming document; others by e-mail, through a link that shows it, or on paper, by post or by hand.
Function folders inside: `letters` (the page behind the link of an e-mail) and `chasing` (receipts that are not in).
"""
