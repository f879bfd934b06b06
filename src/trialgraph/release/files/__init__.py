"""The files of a release as whole answers.

In: a query for a whole graph, and a format. Out: the file, or the part of a file, that is its answer.
"""
