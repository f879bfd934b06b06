"""Tests of ``trialgraph.http.pages.overview``."""
