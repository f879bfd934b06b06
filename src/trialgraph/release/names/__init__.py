"""Terms in any spelling.

Input: what a person writes for a term, and the names that the graph of a release has. Output: the IRI to ask for.
"""
