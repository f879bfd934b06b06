"""The files of registries."""
