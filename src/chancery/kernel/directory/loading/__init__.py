"""Bringing a file of facts into the directory: checked as a whole, shown as a difference, applied as of a day.

Users: whoever sets up a site, and directory editors with a reorganisation to enter. The file (TOML; the example is
`directory/data/seed.toml`) speaks only of the units it names. Of those it is complete: a public post it does not name
is abolished, a holder it does not name leaves, a public contact it does not name ends.
"""
