"""Sorted files: runs, their merge, and what is written of it in a stream."""
