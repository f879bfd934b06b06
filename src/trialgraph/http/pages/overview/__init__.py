"""The pages about a release as a whole.

Input: a release. Output: the home page, what the checks found, about and help.
"""
