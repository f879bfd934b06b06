"""Grounding of printed names: a name of a condition or an intervention in, the terms that it means out.

Input: a name, and the legend of its source. Output: links to terms, each with the step that made it.
"""
