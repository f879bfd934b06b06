"""Accuracy of cells: published tables in every kind of file, read, and compared with what they hold."""
