"""Tests, in the order of the source, and what they share."""
