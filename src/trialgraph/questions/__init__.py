"""The saved queries: SPARQL under a header that gives title, parameters and types.

Input: ``queries/``. Output: queries with their parameters bound.
"""
