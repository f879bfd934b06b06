"""The evidence table: the reports of a release as rows, sorted and cut as one asks; as CSV, workbook, and citations.

Input: the table ``trials-all.csv`` of a release and a function that answers SELECTs. Output: rows with what is doubtful
at the value, and the bytes of files.
"""
