"""The evidence table: the reports of a release as rows, with what is doubtful at the value, in the order and the
columns that are asked for; as CSV, as a workbook, and its papers and registry records as citations.

Input: the table ``trials-all.csv`` of a release and a function that answers SELECTs. Output: rows, and the bytes of files.
"""
