"""Foundations that know nothing of trials: errors, settings, escaping, safe XML, small files.

Input: nothing of the project. Output: what every later stage may use.
"""
