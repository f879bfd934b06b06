"""Tests of the files under ``queries/``."""
