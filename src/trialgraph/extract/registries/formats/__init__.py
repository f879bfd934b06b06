"""The files of registries: JSON, CSV and XML, packed or not, to records before they are read.

Input: a file. Output: each record in the shape of its mapping file, with where it stands; or why it cannot be read.
"""
