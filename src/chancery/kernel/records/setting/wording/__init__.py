"""What stands on a paper, in the paper's own words and language: from a Paper to the data of its template."""
