"""Where the private keys of seals lie. Never in the database: a row says which store and which entry, nothing more."""
