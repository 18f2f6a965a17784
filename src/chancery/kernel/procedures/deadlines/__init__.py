"""Time: limits, pauses, more time asked for, urging, timers, what is overdue."""
