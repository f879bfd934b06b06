"""The pages of IRIs: trials, sources, every other resource, and suggestions for an unknown one.

Input: the path of an IRI. Output: its page.
"""
