"""Who may do what: accounts, hats, roles, absence, tokens."""
