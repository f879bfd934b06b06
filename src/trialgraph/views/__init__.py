"""What the command line, the pages and agents share: explanations, labels, figures, schema card, code samples.

Input: a release and its worker pool. Output: values to display.
"""
