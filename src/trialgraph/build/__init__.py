"""Building in parts: which reports are stated and checked together, and the processes that do so.

Input: sources, and the reports read from them. Output: sorted runs of quads, and findings.
"""
