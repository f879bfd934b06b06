"""The graph as sorted files: runs of quads, their merge, and all that is made of it in one pass.

Input: runs, each a sorted file of N-Quads. Output: the master, the other formats, counts. Nothing here holds the graph
in memory: what a build can release is bounded by the disk.
"""
