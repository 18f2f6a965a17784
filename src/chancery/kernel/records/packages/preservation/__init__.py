"""What vouches for the files of a package: objects, events, agents and rights in PREMIS 3.0, written and read."""
