"""The one law of visibility: a guard says who may see the rows that carry its number."""
