"""What handling shows on the page of a petition, on the hub, and beside the steps of its matter."""
