"""What pages list, worked out when a release is written: ``lists.db``, a file of SQLite, and what reads it.

Input: the graph and the table of reports of a release. Output: a file that is opened read-only, in which a page finds
the rows, the sets of facets, the orders and the counts that it shows, whatever the number of trials.
"""
