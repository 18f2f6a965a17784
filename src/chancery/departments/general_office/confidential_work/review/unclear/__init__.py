"""Pages of undefined matters 不明确事项: raised, reported within the rulebook's days, decided above."""
