"""Tests of terms in any spelling."""
