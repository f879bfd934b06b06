"""Tests of the files under ``ontology/``."""
