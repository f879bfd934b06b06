"""Records of trial registries: files of a registry to reports, one record in memory at a time.

Input: a file as a registry gives it out (JSON, CSV, XML; packed or not). Output: reports and problems, in its order.
"""
