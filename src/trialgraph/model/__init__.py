"""What is read, as frozen records: table, row and cell; reading and rule; report and its parts.

Input: nothing. Output: the types that extraction makes and the graph states.
"""
