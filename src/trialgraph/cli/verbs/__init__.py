"""The verbs of the command line, each a thin wrapper around the function of the same name.

Input: arguments. Output: data on stdout, messages on stderr.
"""
