"""Lines whose columns have run together, cut into cells by what each column's cells look like.

Input: lines of text, and the fields of their columns. Output: where each cell begins and ends, and how sure that is.
"""
