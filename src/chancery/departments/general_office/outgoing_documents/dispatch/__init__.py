"""Papers on their way: delivery inside, by e-mail, by bundle; receipts, chasing, recall."""
