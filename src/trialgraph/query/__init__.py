"""Untrusted SPARQL to an answer: guard, admission, worker pool, cache, federation.

Input: the text of a query and a release. Output: a streamed answer.
"""
