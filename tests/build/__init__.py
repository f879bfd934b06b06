"""Builds in parts: shards, their processes, what is found where they meet."""
