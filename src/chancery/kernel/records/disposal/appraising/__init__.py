"""Drawing lists up, judging their rows in the browser or by spreadsheet, deciding on them."""
