"""Interchange: GB/T 33480-2016 metadata of a document as XML and JSON, and lists of documents taken in from CSV.

Part of incoming documents (function 3). The element names are the Chinese names of the standard's eighteen core
elements; its short names were not at hand, so they are not used.
"""
