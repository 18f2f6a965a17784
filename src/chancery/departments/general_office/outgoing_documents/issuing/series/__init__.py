"""Numbering series 发文字号: by issuer and type, dated, gapless. The registrar of the General Office keeps them.

Part of issuing (function 4).
"""
