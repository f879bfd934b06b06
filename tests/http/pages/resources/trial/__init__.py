"""Tests of ``trialgraph.http.pages.resources.trial``."""
