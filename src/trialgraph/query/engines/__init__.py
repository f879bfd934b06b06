"""What evaluates queries: the engine in the workers, or an external store.

Input: a release and the settings. Output: what a pool starts its workers with, and the workers of external stores.
"""
