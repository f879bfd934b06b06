"""The page of a trial.

Input: the statements about a trial. Output: its page: values beside what is printed, conflicts, arms, doses, outcomes.
"""
