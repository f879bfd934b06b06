"""Reports to quads: facts, provenance, conflicts, inferred types, the description of the data; and their checks.

Input: reports and sources. Output: quads in named graphs, and findings.
"""
