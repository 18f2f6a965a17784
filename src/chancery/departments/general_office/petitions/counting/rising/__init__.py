"""What rises: this period against the mean of those before."""
