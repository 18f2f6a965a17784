"""The electronic seal: a PAdES signature whose appearance is the impression, put on as an incremental update."""
