"""Tests of :mod:`trialgraph.release.answers`."""
