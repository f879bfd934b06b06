"""What a table's rows and columns are: headings, the fields of columns, sections, rows that are one trial, captions.

Input: a grid or lines of text. Output: columns with their fields, and which rows belong together.
"""
