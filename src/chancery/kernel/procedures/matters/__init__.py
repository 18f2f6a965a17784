"""Matters and their tasks: opening, doing, going back, handing over, ending. Every verb of the instrument but deadlines."""
