"""Gates that are one pass over the quads, where a query of the engine takes a second for each million.

Input: quads. Output: findings.
"""
