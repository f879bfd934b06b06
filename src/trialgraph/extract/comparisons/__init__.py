"""Reports of several sources side by side: comparisons of one trial's reports, and trials that may be the same.

Input: the reports of all sources that were read. Output: :class:`~trialgraph.model.comparison.Comparison` for each
field of each pair of reports of one trial, and :class:`~trialgraph.model.comparison.SameTrialProposal` for a reviewer.
"""
