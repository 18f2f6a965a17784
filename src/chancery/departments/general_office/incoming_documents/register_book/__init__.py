"""The register 收文登记簿: the list with filters and exports, a year's figures, GB/T 33480-2016 metadata, CSV import.

Part of incoming documents (function 3). Every page and export runs the same question under the same row security.
"""
