"""RDF basics: vocabulary, prefixes, IRIs, literals, formats and media types.

Input: names and values. Output: terms, IRIs and bytes in the formats of the one table.
"""
