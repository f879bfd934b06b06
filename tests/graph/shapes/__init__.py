"""The compiled shapes, against pySHACL."""
