"""Documents from inside the house 内部来文: what another unit sends arrives with its facts and is signed for.

Part of incoming documents (function 3). Users: the registrar of each unit, and whoever handles for it. Nothing is typed
again: title, sender, number, limit and files come from the sender. The files are handed over when the document is
opened, so that an unopened copy can be recalled without leaving anything behind. Who sends is told what became of it
through a `Listener`; this folder knows nothing of senders.
"""
