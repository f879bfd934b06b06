"""Records of trial registries in the graph, without a node for each value.

Input: reports of records. Output: lines of N-Quads.
"""
