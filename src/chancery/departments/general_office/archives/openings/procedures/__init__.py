"""The procedure of approving a file plan."""
