"""An immutable build on disk: written, published, opened, checked again, exported.

Input: quads. Output: a folder of files under a content hash, and what opens it.
"""
