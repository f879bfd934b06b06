"""Tests of the table of trials."""
