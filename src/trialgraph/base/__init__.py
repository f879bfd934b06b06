"""Utilities without domain knowledge: errors, settings, escaping, safe XML, small files.

Input: nothing from the project. Output: helpers that every later stage may use.
"""
