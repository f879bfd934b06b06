"""Tests of what columns look like."""
