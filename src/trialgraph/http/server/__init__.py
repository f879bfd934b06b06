"""The WSGI server around the application: start, reload, monitoring, logging, graceful shutdown.

Input: a release and an address. Output: a running server.
"""
