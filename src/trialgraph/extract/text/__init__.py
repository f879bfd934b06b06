"""What reading any column needs: patterns, confusables, evidence of a line, items of a list.

Input: text. Output: matches with their offsets.
"""
