"""What programs ask: the SPARQL protocol, the Graph Store protocol, descriptions, files.

Input: requests. Output: data in the negotiated format.
"""
