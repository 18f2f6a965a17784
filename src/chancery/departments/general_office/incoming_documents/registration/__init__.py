"""Registration 签收登记: a draft is signed for, checked for what registration demands, and gets its number.

Part of incoming documents (function 3).
"""
