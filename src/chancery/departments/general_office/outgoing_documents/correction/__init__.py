"""Putting right what was issued 更正、撤回、废止: a paper that went out is never changed.

Part of outgoing documents (function 4). Users: whoever drafted it, the registrar, and the signer's level, which
confirms. A correction is a new paper that names the old one; a withdrawal is asked for by one person and confirmed by
another; whoever received the old paper is told, and its verification page says so. Old papers stay, with the chain.
"""
