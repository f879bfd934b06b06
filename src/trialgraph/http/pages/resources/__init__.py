"""The pages of IRIs: trials, sources, every other resource, and the near misses of a wrong one.

Input: the path of an IRI. Output: its page.
"""
