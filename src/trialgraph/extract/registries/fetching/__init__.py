"""Records from the registry's API to a file that the readers read, and what was fetched, when and from where.

Input: numbers, or a search. Output: the pages of the API as they came, in one dated file, and a file beside it with
checksums. The readers of records use no network; nothing here reads what is in a record beyond its number.
"""
