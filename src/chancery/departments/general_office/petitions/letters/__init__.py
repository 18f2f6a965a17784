"""Letters of petitions: acceptance, transfer, extension, opinions, closing; each an outgoing document of its own.

Users: officers, handlers and reviewers who write them, custodians who open a name for the envelope, senders who read
them with their code. Rules: Regulations on Letters and Visits Work 2022, arts. 22, 23, 32, 34–36. A letter is addressed
to “the person who wrote under number X”: name and address come in at the moment of printing the cover, by an opening
of identity, and are kept nowhere. Part of function 8.
"""
