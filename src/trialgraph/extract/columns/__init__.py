"""One module for each column: its headings, what its cells look like, its reader and rules.

Input: a cell. Output: readings, and the parts of a report made of them.
"""
