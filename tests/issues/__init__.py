"""One file per bug: what went wrong, and that it does no more."""
