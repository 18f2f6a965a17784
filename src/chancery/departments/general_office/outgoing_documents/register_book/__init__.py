"""The register of issued documents: list, exports, series with their voids, chains, figures, the slip 发文稿纸.

Part of outgoing documents (function 4). Every page and export runs the same question under the same row security.
"""
