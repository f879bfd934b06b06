"""Tests of cutting lines into rows and cells."""
