"""Numbers of trials."""
