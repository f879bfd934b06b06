"""One record of a registry over time, and what it says against itself.

Input: the states of a record. Output: :class:`~trialgraph.model.change.Change` from state to state, when it was
registered and whether results are overdue, contradictions inside it, and the facts for a reviewer's sheet.
"""
