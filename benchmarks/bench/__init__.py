"""``make bench``: this server beside those that a user would choose instead, in one run on one machine.

Input: the number of reports, and which peers are installed. Output: one JSON document of figures, from which all tables
are written: on the terminal, in docs/performance.md, and the one that says which targets hold.
"""
