"""External stores, the SPARQL 1.1 servers of others: asked, filled with a release, compared with it.

Input: a release and the address of a server. Output: its answers, and a record in the store of what it holds.
"""
