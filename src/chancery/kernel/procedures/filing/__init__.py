"""Filing what a matter leaves: what hinders it, its opinions as a paper, and the matter itself as an archival item.

Users: whoever closes a matter. Rules: Regulations on Handling Official Documents (2012), arts. 27–29; DA/T 22-2015.
Functions that keep documents file them themselves; a matter of any other procedure is filed from its page once closed.
"""
