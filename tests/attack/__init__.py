"""Hostile requests against the real server: it says no, and lives."""
