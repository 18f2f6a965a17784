"""Exchange with other systems: a released document as a package, and a package taken in as an incoming document.

Part of outgoing documents (function 4). A package is a zip in the layout of BagIt (RFC 8493): the sealed paper, its
manuscript and DOCX, the annexes and a description in XML whose elements carry the names of GB/T 33480-2016. What comes
in is checked whole before anything is kept: layout, sizes, hashes, description, seal.
"""
