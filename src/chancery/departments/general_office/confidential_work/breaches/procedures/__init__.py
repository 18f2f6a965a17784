"""The drawing of breach reports and what is bound to it."""
