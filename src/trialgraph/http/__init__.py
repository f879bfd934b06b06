"""The graph over HTTP: ``protocol/`` for programs, ``pages/`` for browsers, ``server/`` runs both.

Input: a release and requests. Output: responses.
"""
