"""What changed between two releases: quads that were added and removed, each with a reason, and values of trials.

Input: two opened releases. Output: counts, changed quads one at a time, a patch, changed values. Sorted files are
merged, so that memory does not grow with the releases.
"""
