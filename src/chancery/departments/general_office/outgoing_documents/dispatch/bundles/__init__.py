"""What goes out on paper: a zip to print from, with the slip that comes back as the receipt. Part of function 4."""
