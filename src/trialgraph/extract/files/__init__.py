"""What a file is, from its bytes alone.

Input: the bytes of a file. Output: its kind, its text in the encoding that it is in, or one clear line why it is not
read and how to convert it; and the parts of an Office file within its limits.
"""
