"""Numbers of trials: those that records link, those that reviewers decide on, and those that somebody asks for.

From the facts of a record or a list of numbers to links, current numbers, and numbers that are sound.
"""
