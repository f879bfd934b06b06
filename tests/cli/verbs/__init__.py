"""Tests of the verbs, each by its name."""
