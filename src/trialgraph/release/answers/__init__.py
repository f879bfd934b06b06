"""The answers of the saved queries with their default values, as files of a release.

Input: the store of a release and the saved queries. Output: ``answers/`` with a file for each query and format.
"""
