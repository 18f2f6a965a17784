"""vCard 4 (RFC 6350): a card for each unit (KIND:org) and each person (KIND:individual)."""
