"""One test module per field reader."""
