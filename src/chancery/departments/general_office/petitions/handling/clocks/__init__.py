"""The clock of a stage: how long it has, what does not count (hearing, question to the sender), more time."""
