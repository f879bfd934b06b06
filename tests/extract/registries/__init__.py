"""The readers of trial registries' files."""
