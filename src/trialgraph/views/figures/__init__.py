"""The pictures that pages draw themselves.

Input: the description of the core, the doses of a trial. Output: pictures as SVG.
"""
