"""One record of a registry over time."""
