"""Records fetched from the registry."""
