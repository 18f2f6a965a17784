"""The procedure of a loan: it waits with the borrower until the archivist notes that it came back."""
