"""Releases, immutable builds on disk: writing, publishing, opening, auditing, exporting.

Input: quads. Output: a folder of files under a content hash, and what opens it.
"""
