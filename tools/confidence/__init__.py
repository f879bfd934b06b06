"""Weights of the confidence of rows: made of some constructed rows, measured on others."""
