"""The figures: drawn when a release is written, of the answers of saved questions.

Input: the rows of saved questions. Output: pictures as SVG and PNG.
"""
