"""The directory as rows: CSV (RFC 4180) and XLSX. One row a seat; a vacant seat has a row without a person."""
