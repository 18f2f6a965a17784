"""The finding aid of a package: fonds, classes and items in EAD3 (1.1.1), written and read."""
