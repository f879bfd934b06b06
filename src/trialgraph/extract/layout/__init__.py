"""Where cells begin and end: headings, and the segmentation of lines whose columns have run together.

Input: lines of text. Output: cells with the field of their column.
"""
