"""Files for other graph and data tools, made of a release on request: none is written by a build.

Input: an opened release and the trials that were chosen. Output: bytes, in pieces. Each is written trial by trial, from
the store of the release, so the memory that it takes does not grow with the number of triples.
"""
