"""The HTML pages.

Input: requests. Output: HTML pages.
"""
