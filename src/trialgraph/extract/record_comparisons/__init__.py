"""Reports of registries beside others: reports of the same trial to comparisons by rules of their own.

Input: reports of tables and of records, joined by registration numbers. Output:
:class:`~trialgraph.model.comparison.Comparison` for each field of each pair, with what explains a difference.
"""
