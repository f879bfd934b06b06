"""Reports of several sources side by side."""
