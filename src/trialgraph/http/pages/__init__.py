"""What a browser shows.

Input: requests. Output: HTML pages.
"""
