"""Documents: what a paper is, who sent it, its files, its number, where it is filed."""
