"""Tests of the evidence table."""
