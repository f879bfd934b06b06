"""One module for each part of the benchmark: what is measured, and in which order."""
