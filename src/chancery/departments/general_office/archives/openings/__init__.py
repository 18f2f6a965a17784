"""Opening archives to the public (function 7): after the rulebook's years an archivist proposes items, the head of the
archive and the confidential officer decide each of them, item by item and each for themselves; what both open is
published with its line in the catalogue, for people, feeds and harvesters, until it is closed again with a reason.

Archives Law 2020, art. 27 (25 years); Law on Guarding State Secrets, art. 35 (review before publishing).
"""
