"""Shapes run over the quads in one pass: SHACL graphs compiled to functions, for builds of any size.

Input: SHACL in Turtle, and quads. Output: validation results. The rules stand in the SHACL graph only, and a construct
that is not compiled is refused, never passed over. pySHACL is the reference: tests compare the two.
"""
